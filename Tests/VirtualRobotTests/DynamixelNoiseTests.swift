import Actuators
import Ports
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("virtual Dynamixel servos under fire")
struct DynamixelNoiseTests {
    private static let models: [Dynamixel.Model] = [.xl330M288, .xl430W250, .xm430W350, .doubleXL430W250]
    private static let instructions: [UInt8] = [
        1, 2, 3, 4, 5, 6, 8, 0x10, 0x20, 0x55, 0x82, 0x83, 0x8A, 0x92, 0x93, 0x9A, 0x77,
    ]

    /// A packet that is whole and means anything.
    private func request(using generator: inout SplitMix64) -> [UInt8] {
        let target = [1, 2, 3, 0xFE][generator.below(4)] as UInt8
        let instruction = Self.instructions[generator.below(Self.instructions.count)]
        let alphabet: [UInt8] = [0, 1, 2, 3, 4, 64, 116, 132, 168, 224, 0xFE, 0xFF]
        let parameters = (0..<generator.below(14)).map { _ in
            generator.below(3) == 0 ? UInt8(generator.below(256)) : alphabet[generator.below(alphabet.count)]
        }
        let length = parameters.count + 3
        let body: [UInt8] = [0xFF, 0xFF, 0xFD, 0, target, UInt8(length), 0, instruction] + parameters
        var checksum = Dynamixel.Checksum()
        checksum.add(body.span)
        return body + [UInt8(truncatingIfNeeded: checksum.value), UInt8(checksum.value >> 8)]
    }

    /// Whether bytes are whole answers, those that are shared among them, and nothing else.
    private func areAnswers(_ bytes: [UInt8]) -> Bool {
        var parser = Dynamixel.Parser()
        var rest = bytes[...]
        while !rest.isEmpty {
            rest = rest.dropFirst(parser.take(Array(rest).span))
            while parser.next() != nil { continue }
        }
        while parser.next(afterSilence: true) != nil { continue }
        return parser.counters[.checksum] == 0 && parser.counters[.length] == 0
    }

    @Test("whatever whole packets arrive, they go on and answer in whole packets", arguments: UInt64(0)..<24)
    func anything(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let model = Self.models[Int(seed) % Self.models.count]
        let servos = DynamixelServo.set(model, count: 3)
        var bus = DynamixelBus(
            wire: DynamixelWire(servos),
            body: LooseJoints([MotorSettings](repeating: .xm430, count: 3), supply: SupplySettings(voltage: Volts(12))),
            line: LineSettings(rate: BaudRate(1_000_000)))
        for round in 0..<150 {
            let sent = request(using: &generator)
            let heard = bus.ask(sent, within: 4).flatMap(\.bytes)
            #expect(areAnswers(heard), "seed \(seed), round \(round): \(sent) made \(heard)")
        }
        for joint in 0..<3 { #expect(bus.body.state(of: joint).position.isFinite) }
    }

    @Test("whatever bytes arrive in whatever pieces, they go on", arguments: UInt64(0)..<24)
    func garbage(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var bus = try bench(count: 3, faults: "bit-flips:0.3 truncation:0.2 loose-wire#2:0.2 duplicate:0.2", seed: seed)
        for _ in 0..<150 {
            var bytes = request(using: &generator)
            if generator.below(2) == 0 { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            let cut = generator.below(bytes.count)
            bus.send(Array(bytes[..<cut]), at: bus.now)
            _ = bus.ask(Array(bytes[cut...]), within: Double(generator.below(4)))
        }
        #expect(bus.now > .start)
    }
}
