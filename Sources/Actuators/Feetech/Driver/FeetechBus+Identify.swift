public import Ports
import Quantities

extension Feetech {
    /// What a servo has stored and how it is now, as `identify` reads it.
    struct Profile: Sendable {
        static let region = Region(address: 0, count: 40)

        let stored: [UInt8]
        let window: Window

        func number(_ item: Item) -> Int64 {
            Int64(item.register.number(in: stored.span, at: Int(item.register.address)) ?? 0)
        }

        var firmware: UInt32 { UInt32(stored[0]) << 8 | UInt32(stored[1]) }
    }
}

extension FeetechBus where Port: ~Copyable {
    /// Two reads of every servo. Lists all that is wrong, so that nobody has to mend one thing at a time.
    public mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] {
        passports = []
        var findings: [DeviceFinding] = []
        var versions: [(joint: JointIndex, version: UInt32)] = []
        try ask { (master) throws(Feetech.MasterFailure) in try master.probeEcho(by: deadline) }
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            guard let profile = try look(at: joint, &findings, by: deadline) else { continue }
            versions.append((joint, profile.firmware))
            units[Int(joint.rawValue)] = Feetech.Units(phase: profile.stored[Feetech.Item.phase.place])
            judge(profile, of: joint, &findings)
            let firmware = "\(profile.stored[0]).\(profile.stored[1])"
            passports.append(
                DevicePassport(joint: joint, firmware: firmware, serial: nil, stored: profile.stored))
        }
        findings += mixedFirmware(versions)
        findings.nameSwaps()
        return findings
    }

    private mutating func look(
        at joint: JointIndex, _ findings: inout [DeviceFinding], by deadline: MonotonicInstant
    ) throws(BusError) -> Feetech.Profile? {
        let id = servo(joint).id
        do throws(Feetech.MasterFailure) {
            let stored = try master.read(Feetech.Profile.region, of: id, by: deadline)
            let bytes = try master.read(Feetech.Window.region, of: id, by: deadline)
            guard let window = Feetech.Window(bytes.span, at: 0, faults: Feetech.ServoFaults(rawValue: 0)) else {
                return nil
            }
            return Feetech.Profile(stored: stored, window: window)
        } catch .port(let error) {
            throw .port(error)
        } catch .silent {
            findings.append(finding(joint, .silent))
        } catch {
            findings.append(finding(joint, .garbled))
        }
        return nil
    }

    private mutating func judge(_ profile: Feetech.Profile, of joint: JointIndex, _ findings: inout [DeviceFinding]) {
        let servo = servo(joint)
        let model = UInt32(truncatingIfNeeded: profile.number(.modelNumber))
        guard model == UInt32(servo.model.rawValue) else {
            let expected = UInt32(servo.model.rawValue)
            return findings.append(finding(joint, .otherModel(expected: expected, found: model)))
        }
        for problem in servo.settingProblems(profile) { findings.append(finding(joint, problem)) }
        if let problem = supplyProblem(profile, of: joint) { findings.append(finding(joint, problem)) }
        if profile.window.faults.isPresent {
            latched.insert(joint)
            findings.append(finding(joint, .alarm(UInt32(profile.window.faults.rawValue))))
        }
    }

    /// The servos for 7.4 V and for 12 V look alike, and only their limits tell them apart.
    private func supplyProblem(_ profile: Feetech.Profile, of joint: JointIndex) -> DeviceFinding.Problem? {
        let least = profile.number(.minVoltage)
        let most = profile.number(.maxVoltage)
        let found = Int64(profile.window.voltage)
        guard found < least || found > most else { return nil }
        let units = units(joint)
        return .supply(
            units.voltage(profile.window.voltage), least: units.voltage(UInt8(truncatingIfNeeded: least)),
            most: units.voltage(UInt8(truncatingIfNeeded: most)))
    }

    /// Those that do not run what most of them run.
    private func mixedFirmware(_ versions: [(joint: JointIndex, version: UInt32)]) -> [DeviceFinding] {
        let most = mostFrequent(versions.map(\.version))
        return versions.filter { $0.version != most }.map {
            finding($0.joint, .mixedFirmware(others: most ?? 0, found: $0.version))
        }
    }

    private func finding(_ joint: JointIndex, _ problem: DeviceFinding.Problem) -> DeviceFinding {
        DeviceFinding(joint: joint, id: servo(joint).id.rawValue, problem: problem)
    }
}

extension Feetech.Item {
    fileprivate var place: Int { Int(register.address) }
}

extension Feetech.Joint {
    /// Stored settings that would make the robot another one than its description says.
    fileprivate func settingProblems(_ profile: Feetech.Profile) -> [DeviceFinding.Problem] {
        let phase = profile.number(.phase)
        var needed: [(item: Feetech.Item, found: Int64, needed: Int64)] = [
            // 1: the servo confirms every write. Less, and nothing that is written can be believed.
            (.responseLevel, profile.number(.responseLevel), 1),
            (.homingOffset, profile.number(.homingOffset), Int64(homingOffset)),
            (.mode, profile.number(.mode), Int64(mode.rawValue)),
            // Bit 4: the position counts turns, and goes on from where it was switched on.
            (.phase, phase, phase & ~0x10),
            // 0: a set-up was not finished, and the next write wears the memory out.
            (.lock, Int64(profile.window.lock), 1),
        ]
        // The goals of one turn are those of a joint; without a limit the servo takes goals many turns away.
        if mode == .position, profile.number(.maxAngle) == 0 { needed.append((.maxAngle, 0, Int64(stepsPerTurn) - 1)) }
        var problems = needed.filter { $0.found != $0.needed }.map {
            DeviceFinding.Problem.setting(
                register: UInt16($0.item.register.address), needed: $0.needed, found: $0.found)
        }
        let delay = profile.number(.returnDelay)
        if delay != 0 {
            let register = UInt16(Feetech.Item.returnDelay.register.address)
            problems.append(.slow(register: register, needed: 0, found: delay))
        }
        return problems
    }
}
