import Actuators
import Embodiment
import Ports
import Quantities
import Robots

/// A robot that the doctor shall look at, as its folder describes it.
struct RobotLook: Equatable, Sendable {
    let source: RobotSource
    /// nil is the one in its folder.
    var port: PortName?
    /// nil waits as long as answers turn out to take.
    var patience: Duration?

    static func parse(_ name: String, _ line: CommandLineWords) throws(UsageError) -> RobotLook {
        if line.arguments.count > 1 { throw .unexpectedArgument(line.arguments[1], .doctor) }
        if let said = [Option.family, .baud, .ids].first(where: line.has) { throw .optionOfRobot(said, .doctor) }
        let source = RobotSource(name, robots: line.value(of: .robots), envelopes: line.value(of: .envelopes))
        return RobotLook(source: source, port: try line.port(), patience: try line.patience())
    }

    /// What follows a verb to name this robot again.
    var words: String {
        [
            "'\(shown(source.name))'", source.robots.map { "--robots '\(shown($0))'" },
            source.envelopes.map { "--envelopes '\(shown($0))'" },
        ].compactMap { $0 }.joined(separator: " ")
    }

    /// Its files first; whether its devices are those of the files only when these are right.
    func findings(in surroundings: Surroundings) -> [DoctorFinding] {
        do throws(RobotSource.Trouble) {
            let loaded = try source.read(in: surroundings)
            let file = loaded.robot.file
            let found =
                "'\(shown(loaded.path))', its body and the envelope \(quoted(file.envelopeName)) are valid and fit each other"
            let files = DoctorFinding("robot", .ok, found, because: Self.reason).concerning(.configuration)
            return [files] + RobotCheck(self, file).findings(in: surroundings)
        } catch {
            return [finding(error).concerning(.configuration)]
        }
    }

    private static let reason = "the guard drives no robot whose files contradict each other or its envelope"

    private func finding(_ trouble: RobotSource.Trouble) -> DoctorFinding {
        switch trouble {
        case .refused(let refusal):
            return DoctorFinding(
                "robot", .fail, "\(refusal.text); its devices were not asked", because: Self.reason, fix: refusal.next)
        case .invalid(let problems, let path):
            let lines = problems.map { "line \($0.position.line), \($0.problem)" }.joined(separator: "; ")
            let count = "\(problems.count) \(problems.count == 1 ? "problem" : "problems")"
            return DoctorFinding(
                "robot", .fail, "'\(shown(path))' has \(count): \(lines); its devices were not asked",
                because: Self.reason, fix: "understudy explain robot \(words)   # says what was expected at each place")
        }
    }
}

/// Whether the devices of a robot are those that its folder names.
struct RobotCheck {
    let look: RobotLook
    let file: RobotFile
    static let reason = "a robot is driven only when every one of its joints answers, and is what its folder says"

    init(_ look: RobotLook, _ file: RobotFile) {
        self.look = look
        self.file = file
    }

    func findings(in surroundings: Surroundings) -> [DoctorFinding] {
        let name: PortName
        do throws(AddressProblem) {
            guard let named = try port() else { return [nameless] }
            name = named
        } catch {
            let found = "bus.port is \(quoted(file.bus.port ?? "")), which is no port"
            let fix = "write one into the robot's file: \(CommandLineWords.ports)"
            return [DoctorFinding("port", .fail, found, because: Self.reason, fix: fix).concerning(.configuration)]
        }
        switch name.resolved(among: surroundings.devices.ports()) {
        case .failure(let refusal):
            return [device(DoctorFinding("port", .fail, refusal.text, because: Self.reason, fix: refusal.next))]
        case .success(let address):
            let findings = PortCheck(address).findings(in: surroundings) + devices(at: address, in: surroundings)
            return (findings + [watchdog]).map(device)
        }
    }

    private func device(_ finding: DoctorFinding) -> DoctorFinding { finding.concerning(.device) }

    private func port() throws(AddressProblem) -> PortName? {
        if let port = look.port { return port }
        guard let text = file.bus.port else { return nil }
        do throws(AddressProblem) {
            return .address(try DeviceAddress(text))
        } catch .unstable {
            return .unstable(text)
        }
    }

    private var nameless: DoctorFinding {
        DoctorFinding(
            "port", .fail, "the robot's file names none in bus.port, so no device was asked", because: Self.reason,
            fix: "understudy doctor \(look.words) --port PORT   # 'understudy scan' shows the ports"
        ).concerning(.device)
    }

    private func devices(at address: DeviceAddress, in surroundings: Surroundings) -> [DoctorFinding] {
        guard let family = file.bus.driver.family else {
            return BoardCheck(file, address).findings(in: surroundings)
        }
        let rate = file.baudRate
        // Every number is asked: a servo that is missing here may answer there, and a stranger is none of the robot's.
        var plan = DeviceScan.Plan(
            address: address, families: [family], rates: rate.map { .only([$0]) } ?? .all, ids: nil,
            patience: look.patience)
        plan.rounds = 40
        plan.inspects = true
        switch DeviceScan.run(plan, with: surroundings.devices) {
        case .failure(let error): return [PortCheck.refused(address, error)]
        case .success(let scan):
            return scan.line(at: address, because: Self.reason)
                + JointCheck(file, family, address, rate, scan.servos.map(\.servo)).findings
        }
    }
}

extension DriverName {
    /// nil for a board of our own, which is one device for many joints.
    fileprivate var family: ServoFamily? {
        switch self {
        case .dynamixel: .dynamixel
        case .feetech: .feetech
        case .moteus: .moteus
        case .board: nil
        }
    }
}

extension RobotCheck {
    /// What stops the robot when the guard dies, said once for the whole bus. Nothing is armed to find out: that is
    /// proven each time before the robot may move.
    private var watchdog: DoctorFinding {
        let reason = "when the guard dies, the last goals stay in force until something else ends them"
        guard let silence = file.bus.watchdog else {
            return DoctorFinding(
                "watchdog", .warn,
                "Feetech servos have no bus watchdog: they follow their last goal for ever when their host falls silent",
                because: reason, fix: "use a bridge board or a power relay; without one, only watched runs")
        }
        let time = Duration.seconds(Double(silence.value)).text
        switch file.bus.driver {
        case .dynamixel:
            guard case .armed(let steps)? = Dynamixel.BusWatchdog.arming(within: silence) else {
                preconditionFailure("a robot's file asks for 1 to 125 steps of 20 ms")
            }
            return DoctorFinding(
                "watchdog", .ok,
                "it can be armed with \(steps) steps of 20 ms in servos that have one; arming proves it",
                because: reason)
        case .moteus:
            return DoctorFinding(
                "watchdog", .ok, "every command ends after \(time) by itself; arming proves it", because: reason)
        case .board:
            return DoctorFinding(
                "watchdog", .ok, "the board takes the torque away after \(time) of silence; arming proves it",
                because: reason)
        case .feetech: preconditionFailure("a robot's file gives Feetech servos no watchdog")
        }
    }
}
