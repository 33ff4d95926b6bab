import Actuators
import Quantities
import Robots

/// What a servo of a robot measures of itself and is set to follow, held against its own bounds and its joint's drive.
struct ServoHealth {
    let check: ServoCheck
    let joint: RobotFile.Joint

    init(_ check: ServoCheck, _ joint: RobotFile.Joint) {
        self.check = check
        self.joint = joint
    }

    var measured: String {
        [BenchRegister.Role.voltage, .temperature].compactMap { check.text($0) }.joined(separator: ", ")
    }

    var findings: [DoctorFinding] { [voltage, temperature, mode].compactMap { $0 } }

    private func value(_ role: BenchRegister.Role) -> Int64? { check.servo.values[role] }

    private func finding(
        _ status: DoctorFinding.Status, _ found: String, because reason: String, fix: String
    ) -> DoctorFinding { DoctorFinding(check.subject, status, found, because: reason, fix: fix) }

    private func unsaid(_ what: String) -> DoctorFinding {
        finding(
            .warn, "its \(what) could not be read", because: "what is not known is not well",
            fix: "\(check.command) read")
    }

    private var voltage: DoctorFinding? {
        guard let now = value(.voltage) else { return unsaid("voltage") }
        // Some families tell no bounds.
        guard let least = value(.leastVoltage), let most = value(.mostVoltage), now < least || now > most else {
            return nil
        }
        let found =
            "it is fed with \(check.text(.voltage) ?? "\(now)"), and made for "
            + "\(check.text(.leastVoltage) ?? "\(least)") to \(check.text(.mostVoltage) ?? "\(most)")"
        return finding(
            .fail, found, because: "it switches itself off, or breaks; its kin for other voltages look the same",
            fix: "feed it with what it is made for; '\(joint.model)' is what the robot's file names")
    }

    private var temperature: DoctorFinding? {
        guard let now = value(.temperature) else { return unsaid("temperature") }
        // Both are whole degrees in the servos that tell a bound.
        guard let most = value(.mostTemperature), now > most - 10 else { return nil }
        let found =
            "it is \(check.text(.temperature) ?? "\(now)") warm, and switches itself off at "
            + (check.text(.mostTemperature) ?? "\(most)")
        return finding(
            now > most ? .fail : .warn, found, because: "an episode would end in its overheating",
            fix: "let it cool down, and find out what it works against")
    }

    private var mode: DoctorFinding? {
        guard let now = value(.mode) else { return unsaid("mode") }
        switch check.family {
        case .dynamixel: return lacksCurrent
        case .feetech: return stored(now)
        case .moteus: return driven(now)
        }
    }

    /// The guard sets the mode itself whenever it arms, where the model has it.
    private var lacksCurrent: DoctorFinding? {
        guard joint.drive == .effort, case .perAmpere = joint.torque,
            let model = check.servo.identity.flatMap({ UInt16(exactly: $0.model) }).flatMap(Dynamixel.Model.init),
            !model.allows(.current)
        else { return nil }
        return finding(
            .fail, "\(model.productName) cannot follow a current, which the drive 'effort' of this joint asks for",
            because: "the guard could not arm it",
            fix: "give the joint another drive in the robot's file, or a model that measures its current")
    }

    /// Nobody but a person changes the mode of a Feetech servo: it is stored, and part of what the robot is.
    private func stored(_ now: Int64) -> DoctorFinding? {
        let wanted: Feetech.OperatingMode =
            switch joint.drive {
            case .position: .position
            case .speed: .velocity
            case .effort: .pwm
            }
        guard now != Int64(wanted.rawValue) else { return nil }
        return finding(
            .fail, "its mode is \(check.text(.mode) ?? "\(now)"), not \(wanted), which the drive of this joint needs",
            because: "it would take the guard's numbers for something else",
            fix: "\(check.command) write mode \(wanted.rawValue)")
    }

    private func driven(_ now: Int64) -> DoctorFinding? {
        let atRest = [Moteus.Mode.stopped, .fault].map { Int64($0.rawValue) }
        guard !atRest.contains(now) else { return nil }
        return finding(
            .warn, "its mode is \(check.text(.mode) ?? "\(now)"): its motor is driven, and nobody watches it",
            because: "it holds or moves without a supervisor", fix: "end the program that drives it")
    }
}
