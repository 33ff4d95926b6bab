import Testing

@testable import BoardLink

@Suite struct ChecksumTests {
    @Test("gives the check value of CRC-16/IBM-3740") func checkValue() {
        var checksum = Checksum()
        for digit in "123456789".utf8 { checksum.add(digit) }
        #expect(checksum.value == 0x29B1)
    }

    @Test("starts at 0xFFFF and sees leading zeros") func leadingZeros() {
        var checksum = Checksum()
        #expect(checksum.value == 0xFFFF)
        checksum.add(0)
        #expect(checksum.value == 0xE1F0)
    }
}
