public import Ports
import Quantities

extension DynamixelBus where Port: ~Copyable {
    /// A ping and some settings of every servo. Lists all that is wrong, so that nobody has to mend one thing at a time.
    public mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] {
        passports = []
        var findings: [DeviceFinding] = []
        var models: [UInt16?] = []
        try ask { (master) throws(Dynamixel.ServoFailure) in try master.probeEcho(by: deadline) }
        var index: UInt8 = 0
        while let joint = joints.joint(at: index) {
            index += 1
            let found = try look(at: joint, &findings, by: deadline)
            models.append(found?.model)
            firmware[Int(joint.rawValue)] = found?.firmware
        }
        findings += firmwareFindings(models)
        findings.nameSwaps()
        return findings
    }

    private mutating func look(
        at joint: JointIndex, _ findings: inout [DeviceFinding], by deadline: MonotonicInstant
    ) throws(BusError) -> Dynamixel.PingAnswer? {
        let servo = servo(joint)
        do throws(Dynamixel.ServoFailure) {
            let answer = try master.ping(servo.id, by: deadline)
            if answer.model == servo.model.rawValue {
                try lookInside(joint, &findings, by: deadline)
                passports.append(try passport(of: joint, answer.firmware, by: deadline))
            } else {
                findings.append(
                    finding(
                        joint,
                        .otherModel(
                            expected: UInt32(servo.model.rawValue), found: UInt32(answer.model))))
            }
            return answer
        } catch .silent {
            findings.append(finding(joint, .silent))
        } catch .garbled, .wrongWidth {
            findings.append(finding(joint, .garbled))
        } catch {
            throw busError(error)
        }
        return nil
    }

    /// What the servo has stored and what it complains about.
    private mutating func lookInside(
        _ joint: JointIndex, _ findings: inout [DeviceFinding], by deadline: MonotonicInstant
    ) throws(Dynamixel.ServoFailure) {
        let servo = servo(joint)
        let stored: [(item: Dynamixel.Item, needed: Int64)] = [
            // Torque or old goals after a power cut would be a motion that nobody asked for.
            (.startupConfiguration, 0),
            // 2: the servo confirms every write. Less, and nothing that is written can be believed.
            (.statusReturnLevel, 2),
            // 250 costs half a millisecond for every servo that is asked.
            (.returnDelay, 0),
            // The robot's description says which way round a joint turns; a second opinion in the servo hides it.
            (.driveMode, 0),
        ]
        for setting in stored {
            guard let register = servo.model.register(setting.item) else { continue }
            let found = try master.read(register, of: servo.id, by: deadline)
            if found != setting.needed {
                findings.append(
                    finding(
                        joint,
                        .setting(
                            register: register.address, needed: setting.needed, found: found)))
            }
        }
        guard let errors = servo.model.register(.hardwareErrorStatus) else { return }
        let alarm = try master.read(errors, of: servo.id, by: deadline)
        if alarm != 0 {
            latched.insert(joint)
            findings.append(finding(joint, .alarm(UInt32(truncatingIfNeeded: alarm))))
        }
    }

    /// Everything that it keeps without its supply, but for what arming writes: how it is driven and how much it may pull.
    private mutating func passport(
        of joint: JointIndex, _ firmware: Dynamixel.Firmware, by deadline: MonotonicInstant
    ) throws(Dynamixel.ServoFailure) -> DevicePassport {
        let servo = servo(joint)
        let kept = Dynamixel.Region(address: 0, count: Dynamixel.Register.firstVolatile)
        var stored = try master.read(kept, of: servo.id, by: deadline)
        for item in [Dynamixel.Item.operatingMode, .currentLimit] {
            guard let register = servo.model.register(item) else { continue }
            for place in register.address..<register.address + register.width { stored[Int(place)] = 0 }
        }
        return DevicePassport(joint: joint, firmware: "\(firmware.rawValue)", serial: nil, stored: stored)
    }

    private func firmwareFindings(_ models: [UInt16?]) -> [DeviceFinding] {
        var findings: [DeviceFinding] = []
        for (position, version) in firmware.enumerated() {
            guard let version, let joint = JointIndex(UInt8(position)) else { continue }
            let servo = servo(joint)
            guard models[position] == servo.model.rawValue, !servo.model.hasBusWatchdog(with: version) else { continue }
            findings.append(
                finding(
                    joint,
                    .oldFirmware(
                        needed: UInt32(Dynamixel.Model.firstFirmwareWithWatchdog.rawValue),
                        found: UInt32(version.rawValue))))
        }
        return findings
    }

    private func finding(_ joint: JointIndex, _ problem: DeviceFinding.Problem) -> DeviceFinding {
        DeviceFinding(joint: joint, id: servo(joint).id.rawValue, problem: problem)
    }
}
