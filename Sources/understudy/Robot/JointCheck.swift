import Actuators
import Embodiment
import Ports
import Quantities
import Robots

/// The servos that answer, held against the joints that a robot has: everything that differs, not the first of it.
struct JointCheck {
    let file: RobotFile
    let family: ServoFamily
    let address: DeviceAddress
    let rate: BaudRate?
    let servos: [ServoSighting]

    init(
        _ file: RobotFile, _ family: ServoFamily, _ address: DeviceAddress, _ rate: BaudRate?,
        _ servos: [ServoSighting]
    ) {
        self.file = file
        self.family = family
        self.address = address
        self.rate = rate
        self.servos = servos
    }

    var findings: [DoctorFinding] {
        file.joints.flatMap { ofJoint($0, servo(of: $0)) } + strangers.map(ofStranger) + [firmware].compactMap { $0 }
    }

    private func servo(of joint: RobotFile.Joint) -> ServoSighting? { servos.first { $0.id == joint.id } }

    private var strangers: [ServoSighting] {
        servos.filter { servo in !file.joints.contains { $0.id == servo.id } }
    }

    private func subject(_ joint: RobotFile.Joint) -> String { "joint \(joint.name) (servo \(joint.id))" }

    /// nil when products of that name do not tell what they are.
    private func number(of joint: RobotFile.Joint) -> UInt32? { VirtualProduct(joint.model)?.modelNumber }

    private func ofJoint(_ joint: RobotFile.Joint, _ servo: ServoSighting?) -> [DoctorFinding] {
        guard let servo else { return [absent(joint)] }
        let check = ServoCheck(family, servo, address, as: subject(joint))
        let voices = servo.causes.map {
            DoctorFinding(subject(joint), .fail, $0.text, because: $0.reason, fix: $0.nextStep)
        }
        guard let identity = servo.identity else { return voices }
        if let expected = number(of: joint), identity.model != expected {
            return voices + [otherModel(joint, expected, identity, check)]
        }
        let health = ServoHealth(check, joint)
        let problems = voices + check.complaints + health.findings + guarded(identity, joint) + check.settings
        if !problems.isEmpty { return problems }
        let mode = check.text(.mode).map { " Its mode is \($0)." } ?? ""
        let found = "expected \(joint.model), found \(name(identity.model)): \(health.measured).\(mode)"
        return [DoctorFinding(subject(joint), .ok, found, because: RobotCheck.reason)]
    }

    private func name(_ model: UInt32) -> String { family.facts.modelName(model) ?? "the unknown model \(model)" }

    /// Where nobody answers: perhaps the servo has another number, which is found out here as well.
    private func absent(_ joint: RobotFile.Joint) -> DoctorFinding {
        let found = "expected \(joint.model), found nothing: no servo answers at number \(joint.id)"
        let wanted = number(of: joint)
        let missing = file.joints.filter { servo(of: $0) == nil && number(of: $0) == wanted }
        let candidates = strangers.filter { $0.identity.map { wanted == nil || $0.model == wanted } == true }
        // Only one place and one servo for it: anything else is a guess.
        if missing.count == 1, candidates.count == 1, let candidate = candidates.first, family.facts.isSettable {
            let check = ServoCheck(family, candidate, address)
            return DoctorFinding(
                subject(joint), .fail, "\(found); servo \(candidate.id) is of its model and belongs to no joint",
                because: RobotCheck.reason, fix: "\(check.command) set-id \(joint.id)")
        }
        return DoctorFinding(
            subject(joint), .fail, found, because: RobotCheck.reason,
            fix: "check its plug and supply, then: understudy scan --port '\(shown(address.description))' "
                + "--family \(family.rawValue) --ids \(joint.id)   # every rate")
    }

    private func otherModel(
        _ joint: RobotFile.Joint, _ expected: UInt32, _ found: ServoIdentity, _ check: ServoCheck
    ) -> DoctorFinding {
        let text = "expected \(joint.model), found \(name(found.model))"
        let twin = file.joints.first { other in
            other.id != joint.id && number(of: other) == found.model
                && servo(of: other)?.identity?.model == expected
        }
        guard let twin else {
            return DoctorFinding(
                subject(joint), .fail, text, because: RobotCheck.reason,
                fix: "mount the servo that the robot's file names, or name this one there")
        }
        let fix =
            family.facts.isSettable
            ? "unplug servo \(twin.id), then: \(check.command) set-id \(twin.id)   # then the other one likewise"
            : "swap their numbers"
        return DoctorFinding(
            subject(joint), .fail, "\(text): it and joint \(twin.name) (servo \(twin.id)) stand in each other's place",
            because: RobotCheck.reason, fix: fix)
    }

    /// A watchdog that this one lacks though its kind has it; what a whole family lacks is said once, of the bus.
    private func guarded(_ identity: ServoIdentity, _ joint: RobotFile.Joint) -> [DoctorFinding] {
        guard file.bus.watchdog != nil, !family.facts.stopsByItself(identity) else { return [] }
        let version = identity.firmware.map(String.init).joined(separator: ".")
        return [
            DoctorFinding(
                subject(joint), .fail, "its firmware \(version) has no bus watchdog, so none can be armed",
                because: "the last goal stays in force when the guard dies",
                fix: "give it newer firmware with its maker's program")
        ]
    }

    private func ofStranger(_ servo: ServoSighting) -> DoctorFinding {
        let found = servo.identity.map { name($0.model) } ?? "something that never answers intact"
        return DoctorFinding(
            "servo \(servo.id)", .warn, "\(found) answers, and belongs to no joint of the robot",
            because: "what nobody commands still draws current and takes time on the bus",
            fix: "unplug it, or give it to a joint in the robot's file")
    }

    /// Servos of one model with different programs behave differently.
    private var firmware: DoctorFinding? {
        let known = file.joints.compactMap { joint in servo(of: joint)?.identity.map { (joint, $0) } }
        let versions = Dictionary(grouping: known, by: \.1.model).values.filter { Set($0.map(\.1.firmware)).count > 1 }
        guard !versions.isEmpty else { return nil }
        let list = versions.joined().sorted { $0.0.id < $1.0.id }.map { joint, identity in
            "\(joint.name) runs \(identity.firmware.map(String.init).joined(separator: "."))"
        }
        return DoctorFinding(
            "firmware", .warn, "servos of one model run different versions: \(list.joined(separator: ", "))",
            because: "registers and habits differ between versions, and so would the joints",
            fix: "give all of them the newest with their maker's program")
    }
}

extension VirtualProduct {
    /// What a servo of this product answers; nil where it does not say.
    var modelNumber: UInt32? {
        switch self {
        case .dynamixel(let model): UInt32(model.rawValue)
        case .feetech(let model, _): UInt32(model.rawValue)
        case .moteus: nil
        }
    }
}
