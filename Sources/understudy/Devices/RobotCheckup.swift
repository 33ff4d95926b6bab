import Actuators
import Ports
import Robots
import VirtualRobot

/// A robot of a folder, to be held against what answers at its port.
struct RobotCheckup: Equatable, Sendable {
    var source: RobotSource
    /// nil is the one that the folder names.
    var port: PortName?
    var patience: Duration?

    private static let reason =
        "a robot is driven only when every one of its servos answers, and is what its folder says"

    func findings(in surroundings: Surroundings) -> [DoctorFinding] {
        var robot: Robot?
        let outcome = source.load(asJSON: false, in: surroundings) { loaded in
            robot = loaded.robot
            return Outcome()
        }
        guard let file = robot?.file else {
            let why = "what is not understood is never driven"
            let first = outcome.errors.split(separator: "\n").first.map(String.init) ?? "it cannot be read"
            let plain = first.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").replacing("error: ", with: "")
            let fix = "understudy explain robot \(shown(source.name))   # says all that is wrong"
            return [DoctorFinding("robot folder", .fail, plain, because: why, fix: fix)]
        }
        let folder = DoctorFinding(
            "robot folder", .ok, "\(quoted(file.name)): joints, body and envelope fit together",
            because: "what is not understood is never driven")
        return [folder] + devices(of: file, in: surroundings)
    }

    private func devices(of file: RobotFile, in surroundings: Surroundings) -> [DoctorFinding] {
        guard let family = ServoFamily(rawValue: file.bus.driver.rawValue) else {
            let found = "the board of \(quoted(file.name)) was not asked: this program asks servos only"
            let fix = "measure its supply, and let nobody near the robot who relies on this"
            return [DoctorFinding("bus", .warn, found, because: Self.reason, fix: fix)]
        }
        guard let port = port ?? file.portName else {
            let found = "neither --port nor bus.port of the folder says where \(quoted(file.name)) is"
            return [
                DoctorFinding("bus", .fail, found, because: Self.reason, fix: "understudy scan   # and then --port")
            ]
        }
        let ids = file.joints.map(\.id)
        guard let least = ids.min(), let greatest = ids.max() else { return [] }
        let rate = file.bus.baud.flatMap { UInt32(exactly: $0) }.flatMap(BaudRate.init)
        let look = DeviceLook(
            port: port, families: [family], rates: rate.map { [$0] }, ids: least...greatest, patience: patience)
        return look.findings(in: surroundings) { roster(of: file, $0) }
    }

    /// Everything that is not as the folder says, at once.
    private func roster(of file: RobotFile, _ scan: DeviceScan) -> [DoctorFinding] {
        let wrong = file.joints.compactMap { joint -> DoctorFinding? in
            let subject = "joint \(joint.name)"
            guard let found = scan.servos.first(where: { $0.servo.id == joint.id }) else {
                let text = "servo \(joint.id) does not answer; expected \(joint.model)"
                let fix = "check its supply, its wire and its number: understudy scan --port PORT --ids 0-252"
                return DoctorFinding(subject, .fail, text, because: Self.reason, fix: fix)
            }
            guard let model = found.servo.identity.flatMap({ found.family.facts.modelName($0.model) }),
                !joint.isModel(model)
            else { return nil }
            let text = "servo \(joint.id) is \(model); expected \(joint.model)"
            let fix = "put the right servo there, or write its model into joints of the folder and look at its limits"
            return DoctorFinding(subject, .fail, text, because: Self.reason, fix: fix)
        }
        let ids = file.joints.map(\.id)
        let strangers = scan.servos.map(\.servo.id).filter { !ids.contains($0) }.map { id in
            DoctorFinding(
                "servo \(id)", .warn, "it answers and is none of \(quoted(file.name))",
                because: "nobody watches what no folder names", fix: "take it off the bus, or give it a joint")
        }
        guard wrong.isEmpty else { return wrong + strangers }
        let all = ids.count == 1 ? "its servo answers and is" : "its \(ids.count) servos answer and are"
        let found = "\(all) what the folder says"
        return [DoctorFinding("joints", .ok, found, because: Self.reason)] + strangers
    }
}

extension RobotFile {
    fileprivate var portName: PortName? {
        guard let port = bus.port else { return nil }
        do throws(AddressProblem) { return .address(try DeviceAddress(port)) } catch { return .unstable(port) }
    }
}

extension RobotFile.Joint {
    /// Whether a servo that calls itself so is the product that the folder means; some are sold under several names.
    fileprivate func isModel(_ name: String) -> Bool {
        let (said, meant) = (name.lowercased(), model.lowercased())
        return meant.hasPrefix(said) || said.hasPrefix(meant)
    }
}
