import Actuators
import Ports
import Robots

// Judging of a bus and its servos, as a scan found them.

extension DeviceLook {
    /// - Parameter roster: who should have answered, and did not.
    func findings(
        in surroundings: Surroundings, roster: (DeviceScan) -> [DoctorFinding] = { _ in [] }
    ) -> [DoctorFinding] {
        let reason = "a robot is driven only when every one of its servos answers"
        switch port.resolved(among: surroundings.devices.ports()) {
        case .failure(let refusal):
            return [DoctorFinding("bus", .fail, refusal.text, because: reason, fix: refusal.next)]
        case .success(let address):
            var plan = plan(at: address)
            plan.rounds = 40
            switch DeviceScan.run(plan, with: surroundings.devices) {
            case .failure(let error):
                let refusal = Outcome.Refusal.port(address, error)
                return [DoctorFinding("bus", .fail, refusal.text, because: reason, fix: refusal.next)]
            case .success(let scan): return scan.findings(at: address, because: reason) + roster(scan)
            }
        }
    }
}

extension DeviceScan {
    func findings(at address: DeviceAddress, because reason: String) -> [DoctorFinding] {
        line(at: address, because: reason) + servos.flatMap { ServoCheck($0.family, $0.servo, address).findings }
    }

    /// What is to be said of the line that they hang on.
    func line(at address: DeviceAddress, because reason: String) -> [DoctorFinding] {
        let presence = presence(at: address, because: reason)
        let causes = found.flatMap(\.causes).map { cause in
            DoctorFinding(
                "bus: \(cause.name)", .warn, cause.text + cause.order, because: cause.reason, fix: cause.nextStep)
        }
        return [presence] + found.compactMap(\.timingFinding) + causes
    }

    private func presence(at address: DeviceAddress, because reason: String) -> DoctorFinding {
        let count = servos.count
        let found = "\(count) \(count == 1 ? "servo answers" : "servos answer") at \(quoted(address.description))"
        switch end {
        case .failed(.port(let error)):
            return DoctorFinding(
                "bus", .fail, "\(found); then the port \(error.text)", because: reason, fix: error.nextStep)
        case .failed: return DoctorFinding("bus", .fail, found, because: reason, fix: "check supply and wires")
        case .stopped:
            return DoctorFinding(
                "bus", .warn, "\(found); then it was stopped", because: reason, fix: "let it run to its end")
        case nil:
            return DoctorFinding(
                "bus", count == 0 ? .fail : .ok, found, because: reason,
                fix: "check supply and wires; without --family, --baud and --ids everything is asked")
        }
    }
}

/// One servo, and what is to be said of it.
struct ServoCheck {
    let family: ServoFamily
    let servo: ServoSighting
    let address: DeviceAddress
    let facts: FamilyFacts
    let subject: String

    init(_ family: ServoFamily, _ servo: ServoSighting, _ address: DeviceAddress, as subject: String? = nil) {
        self.family = family
        self.servo = servo
        self.address = address
        facts = family.facts
        self.subject = subject ?? "servo \(servo.id)"
    }

    /// The beginning of a command for this servo, so that it can be copied.
    var command: String {
        let rate = servo.rate.map { " --baud \($0.bitsPerSecond)" } ?? ""
        return "understudy servo \(servo.id) --port '\(shown(address.description))' --family \(family.rawValue)\(rate)"
    }

    var findings: [DoctorFinding] {
        let voices = servo.causes.map {
            DoctorFinding(subject, .fail, $0.text, because: $0.reason, fix: $0.nextStep)
        }
        guard let identity = servo.identity else { return voices }
        guard let model = facts.modelName(identity.model) else {
            let found = "model \(identity.model), whose registers this program does not know"
            let reason = "what is not known cannot be driven safely"
            return voices + [DoctorFinding(subject, .fail, found, because: reason, fix: "use a model that is known")]
        }
        let problems = voices + complaints + [watchdog(identity)].compactMap { $0 } + settings
        if !problems.isEmpty { return problems }
        return [well(model)]
    }

    /// What it says is wrong with it, and a motor that is driven.
    var complaints: [DoctorFinding] { [alarm, torque].compactMap { $0 } }

    func well(_ model: String) -> DoctorFinding {
        let said = [BenchRegister.Role.voltage, .temperature].compactMap { text($0) }.joined(separator: ", ")
        return DoctorFinding(
            subject, .ok, "\(model), \(said): well", because: "what it is set to fits a robot that is watched")
    }

    func text(_ role: BenchRegister.Role) -> String? {
        guard let model = servo.identity?.model, let value = servo.values[role],
            let register = facts.register(role, of: model)
        else { return nil }
        return facts.meaning(value, register, model)?.text ?? "\(value)"
    }

    private var alarm: DoctorFinding? {
        guard servo.values[.alarms] ?? 0 != 0 else { return nil }
        return DoctorFinding(
            subject, .fail, "it complains: \(text(.alarms) ?? "of something")",
            because: "it has switched itself off, and stays so", fix: "mend the cause, then: \(command) reboot")
    }

    private var torque: DoctorFinding? {
        guard servo.values[.torque] ?? 0 != 0 else { return nil }
        return DoctorFinding(
            subject, .warn, "its motor is driven, and nobody watches it",
            because: "it holds or moves without a supervisor",
            fix: "\(command) write torqueEnable 0   # what it holds up falls")
    }

    private func watchdog(_ identity: ServoIdentity) -> DoctorFinding? {
        guard !facts.stopsByItself(identity) else { return nil }
        return DoctorFinding(
            subject, .warn, "it does not stop by itself when its host falls silent",
            because: "the last goal stays in force when the guard dies",
            fix: family == .dynamixel
                ? "give it newer firmware with its maker's program"
                : "use a bridge board or a power relay; without one, only watched runs")
    }

    var settings: [DoctorFinding] {
        facts.wanted.compactMap { wish in
            guard let found = servo.values[wish.role], found != wish.value,
                let register = facts.register(wish.role, of: servo.identity?.model)
            else { return nil }
            let words = RegisterWords(facts: facts, model: servo.identity?.model)
            let text = "\(register.name) is \(words.value(found, register)), not \(words.value(wish.value, register))"
            return DoctorFinding(
                subject, wish.role == .startup ? .fail : .warn, text, because: wish.role.reason,
                fix: "\(command) write \(register.name) \(wish.value)")
        }
    }
}

extension BusCause {
    /// What the doctor cannot know.
    fileprivate var order: String {
        if case .flakyWire = self { "; they are taken to be wired in the order of their numbers" } else { "" }
    }
}

extension BenchRegister.Role {
    /// Why the doctor wants a setting as it is wanted.
    fileprivate var reason: String {
        switch self {
        case .returnDelay: "every answer is that much later, with every servo that is asked"
        case .statusLevel: "a servo that does not confirm what is written cannot be believed"
        case .startup: "the motor would be switched on, or old goals would return, with the supply"
        default: "the guard sets the robot up for that"
        }
    }
}
