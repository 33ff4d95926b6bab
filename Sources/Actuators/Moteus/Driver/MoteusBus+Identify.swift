public import Ports
import Quantities

extension MoteusBus where Port: ~Copyable {
    /// Three reads of every controller. Lists all that is wrong, so that nobody has to mend one thing at a time.
    public mutating func identify(by deadline: MonotonicInstant) throws(BusError) -> [DeviceFinding] {
        passports = []
        var findings: [DeviceFinding] = []
        var found: [(joint: JointIndex, is: Moteus.Identification)] = []
        try ask { (master) throws(Moteus.MasterFailure) in try master.probeEcho(by: deadline) }
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() {
            do throws(Moteus.MasterFailure) {
                let id = controller(joint).id
                found.append((joint, try master.identify(id, by: deadline)))
                try lookForFault(joint, &findings, by: deadline)
            } catch .port(let error) {
                throw .port(error)
            } catch .silent {
                findings.append(finding(joint, .silent))
            } catch {
                findings.append(finding(joint, .garbled))
            }
        }
        for (joint, identification) in found {
            judge(identification, of: joint, &findings)
            let words = identification.unit.words
            passports.append(
                DevicePassport(
                    joint: joint, firmware: hexadecimal(identification.firmware),
                    serial: hexadecimal(words[0], words[1], words[2], words[3]), stored: []))
        }
        return findings + mixedFirmware(found)
    }

    mutating func lookForFault(
        _ joint: JointIndex, _ findings: inout [DeviceFinding], by deadline: MonotonicInstant
    ) throws(Moteus.MasterFailure) {
        let id = controller(joint).id
        let code = try master.read(.fault, count: 1, of: id, by: deadline)[0]
        let isLimiter = UInt8(exactly: code).flatMap(Moteus.Limiter.init) != nil
        guard code != 0, !isLimiter else { return }
        latched.insert(joint)
        findings.append(finding(joint, .alarm(code)))
    }

    private func judge(
        _ found: Moteus.Identification, of joint: JointIndex, _ findings: inout [DeviceFinding]
    ) {
        // The numbers of this program are those of one map; another one has other registers there.
        if found.registerMap != Moteus.registerMap {
            findings.append(finding(joint, .oldFirmware(needed: Moteus.registerMap, found: found.registerMap)))
        }
        guard let unit = controller(joint).unit, unit != found.unit else { return }
        let owner = setup.firstIndex { $0.unit == found.unit }.flatMap { JointIndex(UInt8($0)) }
        findings.append(finding(joint, owner.map { .swapped(with: $0) } ?? .otherUnit))
    }

    /// Those that do not run what most of them run.
    private func mixedFirmware(_ found: [(joint: JointIndex, is: Moteus.Identification)]) -> [DeviceFinding] {
        let most = mostFrequent(found.map(\.is.firmware))
        return found.filter { $0.is.firmware != most }.map {
            finding($0.joint, .mixedFirmware(others: most ?? 0, found: $0.is.firmware))
        }
    }

    private func finding(_ joint: JointIndex, _ problem: DeviceFinding.Problem) -> DeviceFinding {
        DeviceFinding(joint: joint, id: controller(joint).id.rawValue, problem: problem)
    }
}

extension Moteus {
    /// The version of the register map that this program was written for.
    static let registerMap: UInt32 = 5
}
