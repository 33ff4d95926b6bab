import Actuators
import BoardFirmware
import BoardLink
import Ports
import Quantities
import Robots
import Supervision

extension BoardOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        if case .flash(let image, let tool) = task {
            return Flashing(image: image, tool: tool, isDryRun: isDryRun).run(in: surroundings)
        }
        guard let port, let rate = BaudRate(1_000_000) else { return Outcome(status: .usage) }
        switch port.resolved(among: surroundings.devices.ports()) {
        case .failure(let refusal): return refusal.outcome(surroundings.errors)
        case .success(let address):
            var opened = surroundings.devices.open(address, rate)
            guard let line = opened.line.take() else {
                return Outcome.Refusal.port(address, opened.error ?? .missing).outcome(surroundings.errors)
            }
            do throws(Board.MasterFailure) {
                return try ask(line, in: surroundings)
            } catch { return failed(error, address).outcome(surroundings.errors) }
        }
    }

    private func ask(
        _ line: consuming DeviceLine, in surroundings: Surroundings
    ) throws(Board.MasterFailure) -> Outcome {
        switch task {
        case .info: return info(try Board.look(at: line))
        case .selfTest:
            guard let trials = try Board.trials(at: line) else {
                let text = "the board drives its joints, so it is not tried"
                return .failure(.refused, text, next: "end the program that drives it", surroundings.errors)
            }
            return report(trials)
        case .log(let seconds):
            try Board.listen(at: line, for: .milliseconds(Int64(seconds * 1_000))) { message in
                if let text = asJSON ? message.json.map({ "\($0)" }) : message.logged { surroundings.say("\(text)\n") }
                return !surroundings.devices.isInterrupted()
            }
            return Outcome()
        case .flash: return Outcome(status: .usage)
        }
    }

    private func info(_ sighting: BoardSighting) -> Outcome {
        let found = sighting.identification
        var rows: [(String, String)] = [
            ("chip", found.chip.text), ("build", found.firmwareBuild.joined.hexadecimal(16)),
            ("layout", "\(found.layout.hash)\(sighting.refusal == nil ? "" : ", not that of this program")"),
            ("joints", "\(found.joints.rawValue)"), ("tick", "\(found.tickPeriod.value * 1_000) ms"),
        ]
        if let state = sighting.state {
            rows += [("mode", state.mode.text), ("fault", state.fault.map(\.text) ?? "none")]
            rows += [("supply", state.supply.map { "\(rounded($0.value)) V" } ?? "unknown")]
        }
        let status: ExitStatus = sighting.refusal != nil || sighting.state?.fault != nil ? .deviceFault : .done
        if asJSON {
            return Outcome(status: status, output: "\(JSONText.object(rows.map { ($0, .text($1)) }))\n")
        }
        let lines = rows.map { "\($0)\(String(repeating: " ", count: 8 - $0.count))\($1)\n" }
        return Outcome(status: status, output: lines.joined())
    }

    private func report(_ trials: [BoardTrial]) -> Outcome {
        let status: ExitStatus = trials.allSatisfy(\.isPassed) ? .done : .deviceFault
        if asJSON {
            let rows = trials.map { trial in
                JSONText.object([
                    ("subject", .text("\(trial.subject)")), ("tried", .integer(trial.tried)),
                    ("good", .integer(trial.good)), ("passed", .boolean(trial.isPassed)),
                ])
            }
            return Outcome(status: status, output: "\(JSONText.list(rows))\n")
        }
        let lines = trials.map { trial in
            "\(trial.isPassed ? "ok  " : "FAIL") \(trial.subject.text): \(trial.good) of \(trial.tried)\n"
        }
        return Outcome(status: status, output: lines.joined())
    }

    private func failed(_ failure: Board.MasterFailure, _ address: DeviceAddress) -> Outcome.Refusal {
        let place = quoted(address.description)
        if case .port(let error) = failure { return .port(address, error) }
        let text =
            failure == .silent ? "no board answers at \(place)" : "something answers at \(place), and not as our board"
        return Outcome.Refusal(
            status: .deviceFault, text: text, next: "check its plug and supply, and that its firmware is ours")
    }
}

extension BoardTrial.Subject {
    fileprivate var text: String {
        switch self {
        case .identity: "it is built from our messages"
        case .disarm: "its outputs can be switched off"
        case .echoes: "long frames come back unchanged"
        case .clock: "its ticks go on"
        case .states: "it reports its state"
        case .arming: "it cannot be armed without a configuration"
        }
    }
}

extension BoardMode {
    fileprivate var text: String { "\(self)" }
}

extension ChipIdentifier {
    fileprivate var text: String {
        [high, middle, low].map { UInt64($0).hexadecimal(8) }.joined(separator: "-")
    }
}

extension FaultNumber {
    fileprivate var text: String {
        Supervision.Fault(rawValue: rawValue).map { "\(rawValue) (\($0.name))" } ?? "\(rawValue)"
    }
}

extension UInt64 {
    fileprivate func hexadecimal(_ digits: Int) -> String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
    }
}

extension Message {
    /// What a person wants to read of it: events and faults.
    fileprivate var logged: String? {
        switch self {
        case .event(let event):
            let joint = event.joint.map { " joint \($0.rawValue + 1)" } ?? ""
            return "tick \(event.tick.rawValue): \(event.kind)\(joint)\(event.detailText)"
        case .faultReport(let found):
            let joint = found.joint.map { " joint \($0.rawValue + 1)" } ?? ""
            return "tick \(found.tick.rawValue): fault \(found.fault.text)\(joint)"
        default: return nil
        }
    }

    fileprivate var json: JSONText? {
        switch self {
        case .event(let event):
            .object([
                ("tick", .integer(Int(event.tick.rawValue))), ("event", .text("\(event.kind)")),
                ("joint", event.joint.map { .integer(Int($0.rawValue) + 1) } ?? .null),
                ("detail", .integer(Int(event.detail))),
            ])
        case .faultReport(let found):
            .object([
                ("tick", .integer(Int(found.tick.rawValue))), ("fault", .integer(Int(found.fault.rawValue))),
                ("joint", found.joint.map { .integer(Int($0.rawValue) + 1) } ?? .null),
            ])
        default: nil
        }
    }
}

extension BoardLink.Event {
    /// Why it started, or which fault was cleared.
    fileprivate var detailText: String {
        switch kind {
        case .started: ResetCause(rawValue: UInt8(truncatingIfNeeded: detail)).map { " after \($0)" } ?? ""
        case .cleared: " \(detail)"
        default: ""
        }
    }
}
