import Ports
import Robots

/// Whether the one port of a robot is there, is what it is called, may be used, and answers quickly.
struct PortCheck {
    let address: DeviceAddress
    private static let reason = "everything the robot does and feels goes through this port"

    init(_ address: DeviceAddress) { self.address = address }

    static func refused(_ address: DeviceAddress, _ error: PortError) -> DoctorFinding {
        let refusal = Outcome.Refusal.port(address, error)
        return DoctorFinding("bus", .fail, refusal.text, because: RobotCheck.reason, fix: refusal.next)
    }

    func findings(in surroundings: Surroundings) -> [DoctorFinding] {
        guard case .serial = address else {
            return [finding(.ok, "\(name) is the terminal or the socket of a virtual robot")]
        }
        guard case .success(let ports) = surroundings.devices.ports() else {
            return [finding(.warn, "the serial ports could not be listed", fix: "mount /sys and /dev")]
        }
        guard let port = ports.first(where: isThis) else {
            return [finding(.fail, "\(name) is not plugged in", fix: PortError.missing.nextStep)]
        }
        return findings(port, for: surroundings.user())
    }

    private var name: String { quoted(address.description) }

    private func isThis(_ port: PortFacts) -> Bool {
        ([port.identity].compactMap { $0 } + port.aliases).contains(address.description)
    }

    private func findings(_ port: PortFacts, for user: String) -> [DoctorFinding] {
        var problems: [DoctorFinding] = []
        if !port.mayUse {
            let owner = port.group.map { "; it belongs to the group \($0)" } ?? ""
            problems.append(
                finding(.fail, "\(name) may not be opened by \(user)\(owner)", fix: port.joinCommand(for: user)))
        }
        if !port.heldBy.isEmpty {
            let holders = port.heldBy.map { quoted($0) }.joined(separator: ", ")
            problems.append(finding(.fail, "\(name) is in use by \(holders)", fix: "end that program"))
        }
        if let milliseconds = port.latencyMilliseconds, milliseconds > 1 {
            problems.append(
                finding(
                    .warn, "the adapter of \(name) keeps short answers for \(milliseconds) ms", fix: port.latencyCommand
                ))
        }
        guard problems.isEmpty else { return problems }
        let device = port.device.map { ", \(quoted($0))," } ?? ""
        let latency = port.latencyMilliseconds.map { ", and keeps short answers for \($0) ms" } ?? ""
        return [finding(.ok, "\(name)\(device) is at \(quoted(port.path)), may be used by \(user)\(latency)")]
    }

    private func finding(_ status: DoctorFinding.Status, _ found: String, fix: String? = nil) -> DoctorFinding {
        DoctorFinding("port", status, found, because: Self.reason, fix: fix)
    }
}
