import BoardLink
import Testing

@Suite struct BytesTests {
    @Test("holds 124 bytes and refuses the next one") func capacity() {
        var bytes = Bytes()
        let taken = (0..<125).map { bytes.append(UInt8($0)) }
        #expect(taken == Array(repeating: true, count: 124) + [false])
        #expect(bytes.count == 124)
        #expect(bytes[0] == 0)
        #expect(bytes[123] == 123)
    }

    @Test("is empty after everything was removed") func removal() {
        var bytes = Bytes([1, 2, 3])
        bytes.removeAll()
        #expect(bytes.count == 0)
        #expect(bytes == Bytes())
    }

    @Test("equals by content, not by what was there before") func equality() {
        var shortened = Bytes([9, 9, 9])
        shortened.removeAll()
        shortened.append(1)
        #expect(shortened == Bytes([1]))
        #expect(Bytes([1, 2]) != Bytes([1]))
        #expect(Bytes([1, 2]) != Bytes([1, 3]))
        shortened[0] = 2
        #expect(shortened == Bytes([2]))
    }

    @Test("stops the program at a byte that was never written") func readBeyondEnd() async {
        await #expect(processExitsWith: .failure) { _ = Bytes([1])[1] }
        await #expect(processExitsWith: .failure) {
            var bytes = Bytes([1])
            bytes[1] = 0
        }
    }
}
