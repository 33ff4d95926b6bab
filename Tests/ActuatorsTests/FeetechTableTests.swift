import Quantities
import Testing

@testable import Actuators

/// Registers, what their numbers mean, and an encoder followed past its end.
@Suite struct FeetechTableTests {
    typealias Item = Feetech.Item

    @Test("no two registers overlap, and none straddles the memories")
    func disjoint() {
        let registers = Item.allCases.map(\.register)
        for (low, high) in zip(registers, registers.dropFirst()) {
            #expect(low.address + low.width <= high.address)
        }
        for register in registers {
            #expect(register.memory == (register.address < 40 ? .persistent : .volatile))
            #expect(register.region == Feetech.Region(address: register.address, count: register.width))
        }
        #expect(Feetech.Model.allCases.map(\.rawValue) == [777, 2825])
    }

    @Test("every number that a register can hold comes back, and the next one does not", arguments: Item.allCases)
    func roundTrip(item: Item) throws {
        let register = item.register
        let range = register.range
        for number in [range.lowerBound, range.lowerBound + 1, 0, 1, range.upperBound - 1, range.upperBound] {
            let written = try #require(register.bytes(of: number))
            let width = written.span.count
            let found = register.number(in: written.span)
            #expect(width == Int(register.width))
            #expect(found == number)
        }
        #expect(register.bytes(of: range.lowerBound - 1) == nil)
        #expect(register.bytes(of: range.upperBound + 1) == nil)
        let short = [UInt8](repeating: 0, count: Int(register.width))
        let past = [1, -1].map { register.number(in: short.span, at: $0) }
        #expect(past == [nil, nil])
    }

    static let signs: [(Item, String, Int32)] = [
        (.presentPosition, "00 08", 2_048), (.presentPosition, "00 88", -2_048), (.presentLoad, "F4 01", 500),
        (.presentLoad, "F4 05", -500), (.homingOffset, "FF 07", 2_047), (.homingOffset, "FF 0F", -2_047),
        (.goalVelocity, "00 80", 0), (.presentTemperature, "FF", 255), (.goalPWM, "01 04", -1),
    ]

    @Test("the sign is a bit of its own, where the register has it", arguments: signs)
    func sign(item: Item, hex: String, number: Int32) {
        let found = item.register.number(in: bytes(hex).span)
        #expect(found == number)
    }

    @Test("a homing offset that the servo cannot hold is refused", arguments: [-2_048, -2_047, 2_047, 2_048, 2_073])
    func offset(number: Int32) {
        #expect((Item.homingOffset.register.bytes(of: number) == nil) == (number.magnitude > 2_047))
    }

    @Test("speeds of the bus are the vendor's")
    func baud() {
        let speeds: [UInt32?] = [1_000_000, 500_000, 250_000, 128_000, 115_200, 76_800, 57_600, 38_400, nil]
        #expect((0..<9).map { Feetech.bitsPerSecond(code: $0) } == speeds)
    }

    @Test("units")
    func units() {
        let units = Feetech.Units(phase: 0)
        #expect(units.position(1_024) == Radians(.pi / 2))
        #expect(units.raw(Radians(-.pi)) == -2_048)
        #expect(units.raw(Radians(.nan)) == nil)
        #expect(units.velocity(10).value.isNear(0.76699))
        #expect(units.raw(RadiansPerSecond(0.76699)) == 10)
        #expect(Feetech.Units(phase: 0x04).velocity(500).value.isNear(0.76699))
        #expect(Feetech.Units(phase: 0x0C).raw(RadiansPerSecond(-0.76699)) == -500)
        #expect(units.acceleration(254).value.isNear(38.963))
        #expect(units.raw(RadiansPerSecondSquared(38.963)) == 254)
        #expect(units.raw(RadiansPerSecondSquared(-1)) == nil)
        #expect(units.duty(-250) == Duty(-0.25) && units.raw(Duty(0.5)) == 500)
        #expect(units.current(100).value.isNear(0.65) && units.raw(Amperes(-0.65)) == -100)
        #expect(units.voltage(74).value.isNear(7.4))
        #expect(units.temperature(35) == Celsius(35))
        #expect(units.returnDelay(250).value.isNear(500e-6))
    }

    private func read(_ hex: String) -> Feetech.Sample? {
        let window = bytes(hex)
        return Feetech.Sample(window.span, in: Feetech.Units(phase: 0))
    }

    @Test("one window of fifteen bytes is the state of a joint")
    func sample() throws {
        let sample = try #require(read("00 0C 0A 80 64 04 78 23 00 20 01 00 00 64 00"))
        #expect(sample.steps == 3_072 && sample.position == Radians(1.5 * .pi))
        #expect(sample.velocity.value.isNear(-0.76699))
        #expect(sample.load == Duty(-0.1))
        #expect(sample.voltage.value.isNear(12) && sample.temperature == Celsius(35))
        #expect(sample.faults.overload && sample.isMoving)
        #expect(sample.current.value.isNear(0.65))
        #expect(read("00 0C 0A 80 64 04 78 23 00 20 01 00 00 64") == nil)
    }

    @Test("faults by bit")
    func faults() {
        #expect(!Feetech.ServoFaults(rawValue: 0).isPresent && Feetech.ServoFaults(rawValue: 0x80).isPresent)
        #expect(Feetech.ServoFaults(rawValue: 0x01).voltage)
        #expect(Feetech.ServoFaults(rawValue: 0x02).encoder)
        #expect(Feetech.ServoFaults(rawValue: 0x04).temperature)
        #expect(Feetech.ServoFaults(rawValue: 0x08).current)
        #expect(Feetech.ServoFaults(rawValue: 0x10).angle)
        #expect(Feetech.ServoFaults(rawValue: 0x20).overload)
        #expect(Feetech.ServoFaults(rawValue: 0xC0).undocumented == 0xC0)
    }

    @Test("turns are counted in both directions", arguments: 0..<32)
    func turns(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var truth = Int64(generator.below(4_096))
        var counter = try #require(Feetech.TurnCounter(at: Int32(truth)))
        let drift = generator.below(2) == 0 ? -300 : 300
        for _ in 0..<2_000 {
            truth += Int64(generator.below(601) - 300 + drift)
            let reading = Int32(((truth % 4_096) + 4_096) % 4_096)
            #expect(counter.follow(reading, within: 600) == truth, "seed \(seed)")
        }
        #expect(counter.steps.magnitude > 100_000)
    }

    @Test("a step that cannot have been made is refused", arguments: [0, 1, 99, 100, 101, 2_047, 2_048])
    func reach(step: Int32) throws {
        for direction in [Int32(1), -1] {
            var counter = try #require(Feetech.TurnCounter(at: 50))
            let reading = (50 + direction * step + 4_096) % 4_096
            let found = counter.follow(reading, within: 100)
            #expect(found == (step <= 100 ? Int64(50 + direction * step) : nil))
            #expect(counter.steps == found ?? 50)
        }
    }

    @Test("half a turn has no direction, and outside a turn is nothing")
    func ambiguous() throws {
        var counter = try #require(Feetech.TurnCounter(at: 0))
        #expect(counter.follow(2_048, within: 4_000) == nil)
        #expect(counter.follow(2_047, within: 4_000) == 2_047)
        #expect(counter.follow(-1, within: 4_000) == nil && counter.follow(4_096, within: 4_000) == nil)
        #expect(Feetech.TurnCounter(at: -1) == nil && Feetech.TurnCounter(at: 4_096) == nil)
    }
}
