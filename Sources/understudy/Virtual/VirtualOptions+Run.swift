import Actuators
import Embodiment
import Glibc
import Ports
import Quantities
import VirtualRobot
import Simulator

extension VirtualOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        switch self {
        case .listFaults(let asJSON): Outcome(output: asJSON ? "\(Self.faultsAsJSON)\n" : Self.faults)
        case .bus(let options): options.run(in: surroundings)
        case .robot(let options): options.run(in: surroundings)
        }
    }

    private static var faults: String {
        let rows = FaultName.allCases.map { name in
            let padding = String(repeating: " ", count: max(1, 18 - name.rawValue.count))
            let number = name.unit.map { "; the number is \($0.meaning)" } ?? ""
            return "  \(name.rawValue)\(padding)\(wrapped(name.summary + number, width: 60, indent: 20))\n"
        }
        return """
            Faults of a virtual bus, each written NAME[#SERVO][@FROM][+DURATION][:NUMBER]

            \(rows.joined())
            SERVO counts along the wire from 1. Times are like 250us, 500ms or 2s; without
            '@' a fault is there from the start, without '+' it stays.

            Not the robot's own, and made by those whom they befall: a host process that is
            killed, a learner that sends NaN, a disk that is full, a clock that jumps.

            """
    }

    private static var faultsAsJSON: JSONText {
        .list(
            FaultName.allCases.map { name in
                .object([
                    ("name", .text(name.rawValue)), ("summary", .text(name.summary)),
                    ("number", .optional(name.unit?.meaning)), ("servo", .boolean(name.hasPlace)),
                ])
            })
    }
}

extension FaultUnit {
    fileprivate var meaning: String {
        switch self {
        case .probability: "a probability, \(plain)"
        case .milliseconds: "in milliseconds, \(plain)"
        case .celsius: "in degrees Celsius, \(plain)"
        case .radians: "in radians, \(plain)"
        case .radiansPerSecond: "in radians a second, \(plain)"
        case .volts: "in volts, \(plain)"
        }
    }

    private var plain: String {
        let whole = unlessSaid == unlessSaid.rounded()
        return "\(whole ? "\(Int(unlessSaid))" : "\(unlessSaid)") unless said"
    }
}

extension VirtualBusOptions {
    /// Pretends until somebody wants it to end. The first line of the output is what a master opens.
    func run(in surroundings: Surroundings) -> Outcome {
        switch servos.first?.product.family {
        case .dynamixel: host(servos.dynamixelWire(at: rate), LineSettings(rate: rate), in: surroundings)
        case .feetech: host(servos.feetechWire, LineSettings(rate: rate), in: surroundings)
        case .moteus: host(servos.moteusWire, .adapter, in: surroundings)
        case nil: Outcome(status: .usage)
        }
    }

    private func host<Wire: VirtualWire>(
        _ wire: Wire, _ line: LineSettings, in surroundings: Surroundings
    ) -> Outcome {
        guard let supply = servos.last?.product.supply else { return Outcome(status: .usage) }
        let motors = servos.enumerated().map {
            $1.product.motor.varied(by: run.spread ?? 0, seed: faults.seed, number: $0)
        }
        let log = run.record.map { _ in RunLog(robot: description, joints: servos.count, seed: faults.seed) }
        let bus = VirtualBus(
            wire: wire, body: LooseJoints(motors, supply: supply), line: line, faults: faults, log: log)
        return run.host(bus, named: "\(servos.count) virtual servos", in: surroundings)
    }

    /// What is pretended, as it would be written again.
    private var description: String {
        let names = servos.map { "\($0.product.name):\($0.id)" }.joined(separator: ",")
        return "\(names) at \(rate.bitsPerSecond), spread \(run.spread ?? 0)"
    }
}
