import BoardFirmware
import Quantities
import Testing

@Suite struct EncoderCountTests {
    private static let time = Seconds(0.001)

    @Test("the angle is zero where the counter was first read, and a turn of counts is a turn")
    func turn() {
        var encoder = EncoderCount()
        #expect(encoder.read(40_000, countsPerTurn: 4_096, over: Self.time).position == .zero)
        var position = Radians.zero
        for count in stride(from: 40_000, through: 40_000 + 4_096, by: 64) {
            position = encoder.read(UInt16(count), countsPerTurn: 4_096, over: Self.time).position
        }
        #expect(abs(position.value - 2 * .pi) < 1e-5)
    }

    @Test("a wrap of the counter is no jump, in either direction", arguments: [1, -1])
    func wrap(direction: Int) {
        var encoder = EncoderCount()
        var counter = UInt16(direction > 0 ? 65_500 : 36)
        var last = encoder.read(counter, countsPerTurn: 4_096, over: Self.time).position
        for _ in 0..<20 {
            counter = UInt16(truncatingIfNeeded: Int(counter) + 10 * direction)
            let next = encoder.read(counter, countsPerTurn: 4_096, over: Self.time).position
            #expect(abs((next - last).value - Float(direction) * 10 * 2 * .pi / 4_096) < 1e-5)
            last = next
        }
    }

    @Test("the speed settles at that of the counter")
    func speed() {
        var encoder = EncoderCount()
        var speed = RadiansPerSecond.zero
        for tick in 0..<60 {
            speed = encoder.read(UInt16(tick * 5), countsPerTurn: 4_096, over: Self.time).speed
        }
        #expect(abs(speed.value - 5 * 2 * .pi / 4_096 * 1_000) < 0.01)
    }
}
