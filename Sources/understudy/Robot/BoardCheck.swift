import Actuators
import BoardLink
import Ports
import Quantities
import Robots
import Supervision

/// The board that answers, held against the joints that a robot has.
struct BoardCheck {
    let file: RobotFile
    let address: DeviceAddress

    init(_ file: RobotFile, _ address: DeviceAddress) {
        self.file = file
        self.address = address
    }

    func findings(in surroundings: Surroundings) -> [DoctorFinding] {
        guard let rate = BaudRate(1_000_000) else { preconditionFailure("a million is a rate") }
        var opened = surroundings.devices.open(address, rate)
        guard let line = opened.line.take() else { return [PortCheck.refused(address, opened.error ?? .missing)] }
        do throws(Board.MasterFailure) {
            return findings(try Board.look(at: line))
        } catch {
            return [failed(error)]
        }
    }

    private func finding(
        _ status: DoctorFinding.Status, _ found: String, because reason: String = RobotCheck.reason, fix: String? = nil
    ) -> DoctorFinding { DoctorFinding("board", status, found, because: reason, fix: fix) }

    private func failed(_ failure: Board.MasterFailure) -> DoctorFinding {
        let place = quoted(address.description)
        switch failure {
        case .port(let error): return PortCheck.refused(address, error)
        case .silent, .tooLong:
            return finding(
                .fail, "expected a board for \(file.joints.count) joints at \(place), found nothing that answers",
                fix: "check its plug and supply, and that its firmware is ours")
        case .garbled, .refused, .incompatible:
            return finding(
                .fail, "something answers at \(place), and never as a board of ours does",
                fix: "check that its firmware is ours, and its wires")
        }
    }

    private func findings(_ sighting: BoardSighting) -> [DoctorFinding] {
        let found = sighting.identification
        var findings: [DoctorFinding] = []
        if Int(found.joints.rawValue) != file.joints.count {
            findings.append(
                finding(
                    .fail, "expected a board for \(file.joints.count) joints, found one for \(found.joints.rawValue)",
                    fix: "connect the board that belongs to this robot, or load the firmware for its joints"))
        }
        if let refusal = sighting.refusal {
            findings.append(
                finding(
                    .fail, "its messages are not those of this program: \(refusal.text)",
                    because: "what one of them says the other would take for something else",
                    fix: "load the firmware that belongs to this version of understudy"))
        }
        if let fault = sighting.state?.fault {
            let name = Fault(rawValue: fault.rawValue).map { "\($0.rawValue) (\($0.name))" } ?? "\(fault.rawValue)"
            findings.append(
                finding(
                    .fail, "it has stopped with fault \(name)", because: "it takes no command before that is mended",
                    fix: "understudy explain fault \(fault.rawValue)   # says what to mend"))
        }
        if sighting.state?.mode == .armed {
            findings.append(
                finding(
                    .warn, "its motors are driven, and nobody watches it",
                    because: "it holds or moves without a supervisor", fix: "end the program that drives it"))
        }
        let supply = sighting.state?.supply.map { "\(rounded($0.value)) V" } ?? "a supply that it does not know"
        let count = "\(found.joints.rawValue) \(found.joints == .one ? "joint" : "joints")"
        return findings.isEmpty ? [finding(.ok, "it is for \(count), fed with \(supply), and at rest")] : findings
    }
}

extension LayoutRefusal {
    fileprivate var text: String {
        switch self {
        case .protocolVersion(let ours, let theirs): "version \(theirs) of the protocol, and ours is \(ours)"
        case .layout(let ours, let theirs): "layout \(theirs), and ours is \(ours)"
        }
    }
}
