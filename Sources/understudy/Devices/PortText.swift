import Ports
import Robots

// Serial ports and what can be wrong with them, in words.

extension PortFacts {
    /// Several lines: what it is, and what to do where something is wrong.
    func lines(for user: String, _ style: Style) -> String {
        let title =
            identity.map { style.bold(shown($0)) } ?? "\(style.bold(shown(path))) \(style.yellow("(no stable name)"))"
        var rows: [(String, String)] = [("now at", shown(path))]
        if let device { rows.append(("device", shown(device))) }
        rows += aliases.map { ("also", shown($0)) }
        rows.append(("access", access(for: user)))
        if let latencyMilliseconds { rows.append(("latency", latency(latencyMilliseconds))) }
        if !heldBy.isEmpty { rows.append(("in use", "by \(shown(heldBy.joined(separator: ", ")))")) }
        return title + "\n" + rows.map { "  \(padded($0.0, 8)) \($0.1)\n" }.joined()
    }

    private func access(for user: String) -> String {
        let owner = group.map { " (group \($0))" } ?? ""
        return mayUse ? "yes\(owner)" : "no\(owner): \(joinCommand(for: user))"
    }

    private func latency(_ milliseconds: Int) -> String {
        milliseconds > 1 ? "\(milliseconds) ms, too long: \(latencyCommand)" : "\(milliseconds) ms"
    }

    func joinCommand(for user: String) -> String {
        "sudo usermod --append --groups \(group ?? "dialout") \(user)   # then log in again"
    }

    var name: String { identity ?? path }

    private var terminal: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Until the adapter is unplugged.
    var latencyCommand: String { "echo 1 | sudo tee /sys/bus/usb-serial/devices/\(terminal)/latency_timer" }

    var json: JSONText {
        .object([
            ("path", .text(path)), ("port", .optional(identity)), ("aliases", .texts(aliases)),
            ("device", .optional(device)), ("may_use", .boolean(mayUse)), ("group", .optional(group)),
            ("latency_ms", latencyMilliseconds.map { .integer($0) } ?? .null),
            ("may_autosuspend", mayAutosuspend.map { .boolean($0) } ?? .null), ("held_by", .texts(heldBy)),
        ])
    }
}

extension PortError {
    /// What is wrong with the port, as the end of a sentence that begins with its name.
    var text: String {
        switch self {
        case .timedOut: "does not take what is sent"
        case .hungUp: "is gone: the adapter was pulled out, or the program at the other end has ended"
        case .busy: "is in use by another program"
        case .notPermitted: "may not be opened by this user"
        case .missing: "is not there"
        case .ambiguous(let count): "is the name of \(count) ports"
        case .unsuitable: "has no interface of the kind that is needed"
        case .replaced: "is another device than a moment ago"
        case .baudRefused(let asked, let got):
            "does not run at \(asked), but at \(got.map { "\($0)" } ?? "a rate that it does not say")"
        case .foreign(let problem): "is no virtual robot in lockstep, or not of this version: \(problem.text)"
        case .system(let call, let code): "failed: \(call), \(FileTrouble(code: code).reason)"
        }
    }

    var nextStep: String {
        switch self {
        case .busy: "end the other program; 'understudy scan' names it where it may be seen"
        case .notPermitted: "run 'understudy scan': it says which group is needed, and the command"
        case .missing: "run 'understudy scan' and use a name that it shows"
        case .ambiguous: "use the name in /dev/serial/by-path: it says which socket"
        case .baudRefused: "use a rate that the adapter has"
        case .hungUp, .replaced: "check plug and supply, then try again"
        case .unsuitable: "use a serial adapter"
        case .foreign: "start the robot again with 'understudy virtual' of this version"
        case .timedOut, .system: "pull the adapter out and put it back"
        }
    }
}

extension PortName {
    /// The address, or why there is none, with the stable name of the same port where it has one.
    func resolved(among ports: Result<[PortFacts], PortError>) -> Result<DeviceAddress, Outcome.Refusal> {
        switch self {
        case .address(let address): return .success(address)
        case .unstable(let text):
            let known = (try? ports.get())?.first { $0.path == text }
            let next =
                known?.identity.map { "use --port \(shown($0))" }
                ?? "run 'understudy scan' and use a name that it shows"
            return .failure(
                Outcome.Refusal(
                    status: .usage, text: "\(quoted(text)) is whatever was plugged in first, not one device", next: next
                ))
        }
    }
}

extension Outcome {
    /// Why something was not done, before it is put into lines.
    struct Refusal: Error, Equatable {
        let status: ExitStatus
        let text: String
        let next: String

        func outcome(_ style: Style) -> Outcome { .failure(status, text, next: next, style) }

        static func port(_ address: DeviceAddress, _ error: PortError) -> Refusal {
            Refusal(status: .deviceFault, text: "\(quoted(address.description)) \(error.text)", next: error.nextStep)
        }
    }
}

extension LockstepProblem {
    fileprivate var text: String {
        switch self {
        case .notLockstep: "it greets in another way"
        case .version(let version): "it speaks version \(version), this program \(LockstepFormat.version)"
        case .unknownKind(let kind): "it sent something of kind \(kind)"
        case .tooLong(let count): "it announced \(count) bytes at once"
        case .contents: "a field of what it sent makes no sense"
        case .truncated(let count): "it ended after \(count) bytes of a frame"
        case .backwards: "its time ran backwards"
        case .silent: "it hangs"
        }
    }
}
