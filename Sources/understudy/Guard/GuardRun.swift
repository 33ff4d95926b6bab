import Cockpit
import ControlLoop
import Embodiment
import Episodes
import Glibc
import Guard
import Ledger
import Ports
import Quantities
import Robots
import Supervision
import Varlink

/// A robot whose files are right, on a line that may be opened.
struct GuardedRobot {
    let loaded: LoadedRobot
    let facts: RobotFacts
    let address: DeviceAddress
    let deadMan: DeadMan.Settings?

    /// Everything that has to be right before a device is opened.
    init(
        _ source: RobotSource, port: PortName?, in surroundings: Surroundings
    ) throws(GuardTrouble) {
        do throws(RobotSource.Trouble) { loaded = try source.read(in: surroundings) } catch { throw .robot(error) }
        address = try GuardedRobot.address(loaded.robot.file, port, in: surroundings)
        let record: (name: Name, file: CalibrationFile, bytes: [UInt8])?
        do throws(BrokenRecord) { record = try CalibrationFolder.newest(in: loaded.folder) } catch {
            throw .record("\(loaded.folder)/\(error.file)", error.problem)
        }
        deadMan = try GuardedRobot.deadMan(loaded.robot.file)
        let isVirtual = if case .lockstep = address { true } else { false }
        do throws(FactsProblem) {
            facts = try RobotFacts(
                loaded.robot, bytes: loaded.bytes, record: record.map { ($0.name, $0.file) }, isVirtual: isVirtual,
                needsDeadMan: deadMan != nil)
        } catch {
            throw .facts(error)
        }
    }

    /// A switch that cannot be understood is not left out.
    private static func deadMan(_ file: RobotFile) throws(GuardTrouble) -> DeadMan.Settings? {
        guard let text = file.deadMan else { return nil }
        guard let look = DeadManLook(text) else { throw .deadMan(text) }
        return look.settings
    }

    private static func address(
        _ file: RobotFile, _ port: PortName?, in surroundings: Surroundings
    ) throws(GuardTrouble) -> DeviceAddress {
        var name = port
        if name == nil, let text = file.bus.port {
            do throws(AddressProblem) { name = .address(try DeviceAddress(text)) } catch { throw .port(text) }
        }
        guard let name else { throw .noPort(file.name) }
        switch name.resolved(among: surroundings.devices.ports()) {
        case .success(let address): return address
        case .failure(let refusal): throw .line(refusal)
        }
    }

    var rate: BaudRate? {
        let wanted = loaded.robot.file.baudRate
        return wanted ?? BaudRate(1_000_000)
    }

    func line(_ rate: BaudRate) throws(GuardTrouble) -> DeviceLine {
        do throws(PortError) { return try DeviceLine(address, baudRate: rate) } catch { throw .device(address, error) }
    }

    func maker(_ settings: SeatSettings) -> SeatMaker { SeatMaker(loaded.robot, facts, settings) }
}

/// Why there is no guard.
enum GuardTrouble: Error {
    case robot(RobotSource.Trouble)
    case record(String, CalibrationProblem?)
    case facts(FactsProblem)
    case port(String)
    case deadMan(String)
    case deadManSwitch(DeadMan.Settings, PortError)
    case noPort(String)
    case line(Outcome.Refusal)
    case device(DeviceAddress, PortError)
    case seat(SeatProblem)
    case ledger(String, LedgerError)
    case server(String, ServerError)
}

extension GuardTrouble {
    func outcome(in surroundings: Surroundings) -> Outcome {
        let style = surroundings.errors
        switch self {
        case .robot(.invalid(let problems, let path)):
            return .invalid(problems, at: path, asJSON: false, in: surroundings)
        case .robot(.refused(let refusal)): return refusal.outcome(style)
        case .record(let path, let problem):
            let found = problem.map {
                "\($0.position.line):\($0.position.column): \(quoted($0.key)), expected \($0.expected)"
            }
            return .failure(
                .invalidConfiguration, "the record '\(shown(path))' cannot be relied on: \(found ?? "unreadable")",
                next: "mend it, or calibrate anew; a broken record is never passed over", style)
        case .facts(let problem):
            return .failure(
                .invalidConfiguration, "the record of the calibration does not fit the robot: \(problem)",
                next: "calibrate the robot that the folder describes", style)
        case .port(let text):
            return .failure(
                .invalidConfiguration, "bus.port is \(quoted(text)), which is no port", next: "understudy scan", style)
        case .deadMan(let text):
            return .failure(
                .invalidConfiguration, "dead_man is \(quoted(text)), which names no switch",
                next: "write it as \(DeadManLook.words)", style)
        case .deadManSwitch(let settings, let error):
            return .failure(
                .deviceFault, "the dead-man switch \(quoted("\(settings.identity)")) \(error.textOfSwitch)",
                next: error.nextStepOfSwitch, style)
        case .noPort(let robot):
            return .failure(
                .usage, "neither --port nor bus.port of \(quoted(robot)) says where the robot is",
                next: "understudy scan   # then the same command with --port PORT", style)
        case .line(let refusal): return .failure(refusal.status, refusal.text, next: refusal.next, style)
        case .device(let address, let error):
            return .failure(.deviceFault, "\(quoted(address.description)) \(error.text)", next: error.nextStep, style)
        case .seat(let problem):
            return .failure(
                .invalidConfiguration, "no bus can be made of the robot's file: \(problem)",
                next: "understudy doctor ROBOT", style)
        // Not made by itself: a path with a slip in it would be a robot without its latched faults and its budget.
        case .ledger(let path, .missing):
            return .failure(
                .invalidConfiguration, "the folder '\(shown(path))', for the ledger and the recordings, is not there",
                next: "'mkdir -p \(shown(path))' for a robot that is new, or name its folder with --state", style)
        case .ledger(let path, let error): return error.outcome(path, style)
        case .server(let path, let error):
            return .failure(
                .failed, "the socket '\(shown(path))' cannot be served: \(error)",
                next: "another guard may have it: understudy status ROBOT", style)
        }
    }
}

extension GuardOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        do throws(GuardTrouble) {
            let robot = try GuardedRobot(source, port: port, in: surroundings)
            if isDryRun { return dryRun(robot) }
            return try serve(robot, in: surroundings)
        } catch {
            return error.outcome(in: surroundings)
        }
    }

    private func folder(of robot: GuardedRobot) -> String { state ?? GuardInterface.state(of: robot.facts.name.text) }
    private func path(of robot: GuardedRobot) -> String { socket ?? GuardInterface.socket(of: robot.facts.name.text) }

    private func dryRun(_ robot: GuardedRobot) -> Outcome {
        let calibration = robot.facts.calibration.map { "\($0.name)" } ?? "none: nothing will move"
        return Outcome(
            output: """
                would guard \(robot.facts.name) at \(shown(robot.address.description))
                  socket       \(shown(path(of: robot)))
                  ledger       \(shown(folder(of: robot)))/ledger.sqlite
                  calibration  \(calibration)
                  learners     group \(shown(learners))
                  operators    group \(shown(operators))

                """)
    }

    private func serve(_ robot: GuardedRobot, in surroundings: Surroundings) throws(GuardTrouble) -> Outcome {
        let folder = folder(of: robot)
        let ledger = try open(folder)
        let latest = try latestPermit(ledger, folder)
        // Nobody stops in the middle of a tick because somebody presses a key: signals wait until they are asked for.
        Interruption.hold()
        let seat = try seat(of: robot, latest, folder)
        let service = try service(of: robot, ledger, seat, in: surroundings)
        var watch = GuardWatch(robot: robot.facts.name.text, in: surroundings)
        return watch.run(service, seat, until: surroundings.devices.isInterrupted, surroundings.errors)
    }

    private func open(_ folder: String) throws(GuardTrouble) -> Ledger {
        do throws(LedgerError) {
            return try Ledger.open(
                at: "\(folder)/\(LedgerReader.fileName)", program: "understudy \(Help.version)", now: .ofThisMachine)
        } catch {
            throw .ledger(folder, error)
        }
    }

    private func latestPermit(_ ledger: borrowing Ledger, _ folder: String) throws(GuardTrouble) -> UInt64 {
        do throws(LedgerError) { return try ledger.history.latestPermit() } catch { throw .ledger(folder, error) }
    }

    private func seat(
        of robot: GuardedRobot, _ latest: UInt64, _ folder: String
    ) throws(GuardTrouble) -> LoopSeat {
        guard let rate = robot.rate else { throw .port("\(robot.loaded.robot.file.bus.baud ?? 0)") }
        // A robot in lockstep has no time of its own to be late by.
        let priority: Int32? = robot.facts.isVirtual ? nil : 80
        var settings = SeatSettings(
            folder: folder,
            loop: LoopSettings(
                for: robot.loaded.robot, needsDeadMan: robot.deadMan != nil, priority: priority), latestSerial: latest,
            files: ["robot.json5": robot.loaded.bytes])
        settings.keepsBytes = keepsBytes
        let held = try robot.deadMan.map { (settings) throws(GuardTrouble) in try HeldSwitch(settings) }
        let line = try robot.line(rate)
        do throws(SeatProblem) {
            return try robot.maker(settings).make(line) { held?.sight ?? .none }
        } catch {
            throw .seat(error)
        }
    }

    private func service(
        of robot: GuardedRobot, _ ledger: consuming Ledger, _ seat: LoopSeat, in surroundings: Surroundings
    ) throws(GuardTrouble) -> GuardService {
        let folder = RobotSource.folder(rules, usual: "safety/approval", in: surroundings)
        let ruleFolder = RuleFolder(folder)
        let desk = try desk(of: robot, ledger, ruleFolder)
        let (learners, operators) = (learners, operators)
        var settings = GuardSettings(socket: path(of: robot), version: Help.version) { peer in
            RoleRules.named(learners: learners, operators: operators).roles(of: peer)
        }
        settings.metricsSocket = metricsSocket
        do throws(ServerError) { return try GuardService(desk, seat: seat, settings) } catch {
            throw .server(path(of: robot), error)
        }
    }

    private func desk(
        of robot: GuardedRobot, _ ledger: consuming Ledger, _ rules: RuleFolder
    ) throws(GuardTrouble) -> Desk {
        do throws(LedgerError) {
            return try Desk(robot.facts, ledger: ledger, itself: .thisProcess(), ruleFiles: { rules.read() })
        } catch {
            throw .ledger(folder(of: robot), error)
        }
    }
}
