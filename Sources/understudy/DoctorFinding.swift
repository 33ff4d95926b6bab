/// One thing that the doctor looked at.
struct DoctorFinding: Equatable, Sendable {
    enum Status: String, Sendable { case ok, warn, fail }

    /// What has to be mended; the exit status follows from it.
    enum Area: Sendable { case machine, configuration, device }

    let subject: String
    let status: Status
    /// What was found, and nothing that was not looked at.
    let found: String
    /// Why it matters to a robot.
    let reason: String
    /// The command, or the act, that mends it; nil when nothing is to be mended.
    let fix: String?
    var area = Area.machine

    init(_ subject: String, _ status: Status, _ found: String, because reason: String, fix: String? = nil) {
        self.subject = subject
        self.status = status
        self.found = found
        self.reason = reason
        self.fix = status == .ok ? nil : fix
    }

    func concerning(_ area: Area) -> DoctorFinding {
        var finding = self
        finding.area = area
        return finding
    }

    var json: JSONText {
        .object([
            ("subject", .text(subject)), ("status", .text(status.rawValue)), ("found", .text(found)),
            ("reason", .text(reason)), ("fix", .optional(fix)),
        ])
    }
}

/// What the doctor says about a machine.
struct DoctorReport {
    let findings: [DoctorFinding]
    let isStrict: Bool
    /// Whose rights were looked at.
    let user: String

    init(
        _ facts: MachineFacts, _ options: DoctorOptions, devices: [DoctorFinding] = [], robot: [DoctorFinding] = []
    ) {
        isStrict = options.isStrict
        user = facts.user
        let machine = [
            facts.scheduling.finding(for: facts.user), facts.scheduling.wakeUps, facts.memory.finding(for: facts.user),
            facts.clock.finding, facts.cores.finding, facts.kernel.finding,
            DiskFacts.finding(facts.disk, options.state),
        ]
        let files = [
            DoctorReport.runtime(facts.swiftLibraries), facts.envelopes.finding.concerning(.configuration),
        ]
        findings =
            machine + facts.serial.findings(for: facts.user) + files + robot
            + devices.map { $0.concerning(.device) }
    }

    func count(_ status: DoctorFinding.Status) -> Int { findings.count { $0.status == status } }

    /// What keeps this from ending well.
    private var failures: [DoctorFinding] {
        findings.filter { $0.status == .fail || isStrict && $0.status == .warn }
    }

    /// A file that is wrong is told before a device, which may only seem wrong because of it.
    var exitStatus: ExitStatus {
        let areas = failures.map(\.area)
        if areas.contains(.configuration) { return .invalidConfiguration }
        if areas.contains(.device) { return .deviceFault }
        return areas.isEmpty ? .done : .failed
    }

    func text(_ style: Style) -> String {
        let blocks = findings.map { finding in
            let found =
                "\(finding.status.mark(style))  \(style.bold(finding.subject))\n      \(folded(finding.found, 6))"
            let reason = "\n      \(style.faint("why"))  \(folded(finding.reason, 11))"
            // A command stays on one line, so that it can be copied.
            let fix = finding.fix.map { "\n      \(style.faint("fix"))  \($0)" } ?? ""
            return found + reason + fix + "\n"
        }
        let counts = "\(count(.ok)) ok, \(count(.warn)) warn, \(count(.fail)) fail"
        let sum = "\(findings.count) things looked at, as \(user): \(counts)"
        return (blocks + [sum]).joined(separator: "\n") + "\n"
    }

    private func folded(_ text: String, _ indent: Int) -> String { wrapped(text, width: 80 - indent, indent: indent) }

    var json: JSONText {
        .object([
            ("findings", .list(findings.map(\.json))), ("ok", .integer(count(.ok))), ("warn", .integer(count(.warn))),
            ("fail", .integer(count(.fail))), ("user", .text(user)), ("strict", .boolean(isStrict)),
            ("fails", .boolean(!failures.isEmpty)),
        ])
    }
}

extension DoctorFinding.Status {
    fileprivate func mark(_ style: Style) -> String {
        switch self {
        case .ok: style.green("ok  ")
        case .warn: style.yellow("warn")
        case .fail: style.red("fail")
        }
    }
}
