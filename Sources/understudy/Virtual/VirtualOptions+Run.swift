import Actuators
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
        case .dynamixel: host(dynamixelWire, LineSettings(rate: rate), in: surroundings)
        case .feetech: host(feetechWire, LineSettings(rate: rate), in: surroundings)
        case .moteus: host(moteusWire, adapterLine, in: surroundings)
        case nil: Outcome(status: .usage)
        }
    }

    private var dynamixelWire: DynamixelWire {
        DynamixelWire(
            servos.compactMap { servo in
                guard case .dynamixel(let model) = servo.product, let id = Dynamixel.ServoID(servo.id) else {
                    return nil
                }
                return DynamixelServo(model, id: id, bitsPerSecond: rate.bitsPerSecond, returnDelay: 0)
            })
    }

    private var feetechWire: FeetechWire {
        FeetechWire(
            servos.compactMap { servo in
                guard case .feetech(let model, let supply) = servo.product, let id = Feetech.ServoID(servo.id) else {
                    return nil
                }
                return FeetechServo.Identity(id: id, model: model, supply: supply)
            })
    }

    private var moteusWire: MoteusWire {
        MoteusWire(
            servos.compactMap { MoteusController.Identity(id: $0.id, rpmPerVolt: 304, winding: 0.05) },
            adapter: .usb)
    }

    /// Through USB, where the rate of the port means nothing.
    private var adapterLine: LineSettings {
        var line = LineSettings(rate: nil, isShared: false)
        line.heedsPort = false
        return line
    }

    private func host<Wire: VirtualWire>(
        _ wire: Wire, _ line: LineSettings, in surroundings: Surroundings
    ) -> Outcome {
        guard let supply = servos.last?.product.supply else { return Outcome(status: .usage) }
        let body = LooseJoints(servos.map(\.product.motor), supply: supply)
        let bus = VirtualBus(
            wire: wire, body: body, line: line, faults: faults)
        // Before the thread begins, which inherits this: an impatient finger must not leave the link behind.
        Interruption.hold()
        let host: VirtualRobotHost<Wire, LooseJoints>
        do throws(PortError) {
            let terminal = try TerminalPort(link: link)
            do throws(HostError) { host = try VirtualRobotHost(bus, on: terminal) } catch {
                return noThread(surroundings)
            }
        } catch {
            return .failure(
                .failed, "there is no pseudo terminal for a virtual bus: it \(error.text)", next: error.nextStep,
                surroundings.errors)
        }
        let path = host.path ?? ""
        surroundings.say("\(path)\n")
        surroundings.devices.tell("\(servos.count) virtual servos at \(path), \(rate); Ctrl-C ends them\n")
        while !surroundings.devices.isInterrupted() { usleep(50_000) }
        let pacing = host.stop().pacing
        surroundings.devices.tell("\(pacing.deliveries) answers, \(pacing.bytesLost) bytes that nobody took\n")
        return Outcome()
    }

    private func noThread(_ surroundings: Surroundings) -> Outcome {
        .failure(.failed, "the system has no thread left", next: "end other programs", surroundings.errors)
    }
}
