import Actuators
import Ports
import Quantities
import TestSupport
import VirtualRobot

/// Virtual servos on a pseudo terminal, for a program that runs as a process of its own.
struct VirtualServos: ~Copyable {
    let path: String
    private var host: VirtualRobotHost<DynamixelWire, LooseJoints>?

    init(
        _ servos: [DynamixelServo], faults: String = "", supply: Volts = Volts(5),
        line: (inout LineSettings) -> Void = { _ in }
    ) throws {
        var settings = LineSettings(rate: nil)
        line(&settings)
        let bus = VirtualBus(
            wire: DynamixelWire(servos),
            body: LooseJoints(
                [MotorSettings](repeating: .xl330, count: servos.count), supply: SupplySettings(voltage: supply)),
            line: settings, faults: try FaultPlan(parsing: faults, seed: 1))
        host = try VirtualRobotHost(bus, on: TerminalPort())
        switch host {
        case .some(let host): path = host.path ?? ""
        case .none: throw PortError.missing
        }
    }

    /// Runs the program with `PORT` in the words replaced by where the servos are.
    func understudy(_ words: String) throws -> ProcessRun {
        try ProcessRun.shell("./understudy " + words.replacing("PORT", with: path))
    }

    /// Ends the thread and says what the slaves went through.
    mutating func stop() throws -> VirtualBus<DynamixelWire, LooseJoints> {
        guard let host = host.take() else { throw PortError.missing }
        return host.stop().bus
    }
}

extension DynamixelServo {
    /// An XL330 at a rate, answering at once.
    static func at(_ id: UInt8, _ rate: UInt32 = 1_000_000, _ model: Dynamixel.Model = .xl330M288) -> DynamixelServo {
        guard let id = Dynamixel.ServoID(id) else { preconditionFailure("no such number") }
        return DynamixelServo(model, id: id, bitsPerSecond: rate, returnDelay: 0)
    }
}
