import Embodiment
import Quantities
import Robots
import Simulator
import VirtualRobot

/// A robot of a folder that is to be pretended, body and all.
struct VirtualRobotOptions: Equatable, Sendable {
    var source: RobotSource
    var faults = FaultPlan.none
    var run = VirtualRun()
    var firmware = BoardFirmwareChoice.host

    /// Pretends until somebody wants it to end. The first line of the output is what a master opens.
    func run(in surroundings: Surroundings) -> Outcome {
        source.load(asJSON: false, in: surroundings) { loaded in
            let file = loaded.robot.file
            if let far = faults.beyond(file.joints.count) {
                let text = "\(quoted(far)) is no fault of \(quoted(file.name))"
                return .failure(
                    .usage, text, next: "name \(VirtualRun.places(file.joints.count))", surroundings.errors)
            }
            do throws(FileProblems) {
                let body = try file.virtualBody(loaded.mjcf, seed: faults.seed, spread: run.spread)
                return try pretend(file, body, in: surroundings)
            } catch {
                return .invalid(error.all, at: loaded.path, asJSON: false, in: surroundings)
            }
        }
    }

    private func pretend(
        _ file: RobotFile, _ body: RobotBody, in surroundings: Surroundings
    ) throws(FileProblems) -> Outcome {
        if firmware != .host, file.bus.driver != .board {
            let text = "\(quoted(file.name)) hangs on no board of ours, so there is no firmware to choose"
            return .failure(.usage, text, next: "leave --firmware away", surroundings.errors)
        }
        return switch file.bus.driver {
        case .dynamixel: host(file, file.dynamixelWire, body, in: surroundings)
        case .feetech: host(file, file.feetechWire, body, in: surroundings)
        case .moteus: host(file, try file.moteusWire(), body, in: surroundings)
        case .board: try hostBoard(file, body, in: surroundings)
        }
    }

    func host<Wire: VirtualWire>(
        _ file: RobotFile, _ wire: Wire, _ body: RobotBody, in surroundings: Surroundings
    ) -> Outcome {
        let spread = run.spread ?? file.body.spread
        let log = run.record.map { _ in
            RunLog(robot: "\(file.name), spread \(spread)", joints: file.joints.count, seed: faults.seed)
        }
        let bus = VirtualBus(wire: wire, body: body, line: file.lineSettings, faults: faults, log: log)
        return run.host(bus, named: "the virtual \(file.name)", in: surroundings)
    }
}
