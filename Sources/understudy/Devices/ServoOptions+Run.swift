import Actuators
import Ports
import Robots

extension ServoOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        let style = surroundings.errors
        if isDryRun { return dryRun(style) }
        switch port.resolved(among: surroundings.devices.ports()) {
        case .failure(let refusal): return refusal.outcome(style)
        case .success(let address):
            var opened = surroundings.devices.open(address, rate ?? family.facts.factory.rate)
            guard let line = opened.line.take() else {
                return Outcome.Refusal.port(address, opened.error ?? .missing).outcome(style)
            }
            var job = ServoJob(self, address, line, surroundings.devices)
            family.perform(&job)
            let output =
                job.refusal == nil || asJSON && !job.report.members.isEmpty
                ? job.report.output(asJSON: asJSON) : job.report.lines.map { "\($0)\n" }.joined()
            guard let refusal = job.refusal else { return Outcome(output: output) }
            var outcome = refusal.outcome(style)
            outcome.output = output
            return outcome
        }
    }

    /// Shows the bytes. Opens nothing and sends nothing; what a servo would be asked first is said in words.
    private func dryRun(_ style: Style) -> Outcome {
        let words = RegisterWords(facts: family.facts, model: nil)
        switch steps(words.facts, model: nil) {
        case .failure(let refusal): return refusal.outcome(style)
        case .success(let steps):
            var report = ServoReport()
            let objection = objection
            if let objection, objection.status == .usage { return objection.outcome(style) }
            report.say("nothing is sent; these bytes would be:")
            for step in steps {
                report.say("  \(hexadecimal(step.bytes))")
                report.say("    \(words.text(step))")
            }
            report.say("before: \(firstQuestions)")
            if let objection { report.say("refused as it stands: \(objection.text); \(objection.next)") }
            report.add("dry_run", .boolean(true))
            report.add("steps", .list(steps.map { words.json($0) }))
            report.add("before", .text(firstQuestions))
            report.add("refused", .optional(objection?.text))
            return Outcome(output: report.output(asJSON: asJSON))
        }
    }

    /// What is certain without a servo: whether one is driven is not known here, and not counted.
    private var objection: Outcome.Refusal? {
        guard case .write(let register, let number) = task else { return nil }
        return register.objection(to: number, isDriven: false, mayMove: mayMove)
            .map { $0.refusal(of: quoted(register.name), servo: id) }
    }

    private var firstQuestions: String {
        switch task {
        case .read: "nothing"
        case .write: "a ping, and whether the motor is driven; after: the register is read back"
        case .reboot: "a ping, whether the motor is driven, and what it does when it starts"
        case .setID(let new): "a ping, whether the motor is driven, and that nobody answers to \(new)"
        case .setRate: "a ping, and whether the motor is driven; after: a ping at the new rate"
        }
    }

    /// What the task sends, once everything has been looked at.
    func steps(_ facts: FamilyFacts, model: UInt32?) -> Result<[BenchStep], Outcome.Refusal> {
        guard let act = act(facts, model: model) else {
            let text =
                "no servo of this \(model == nil ? "family" : "model") runs at \(wantedRate.map { "\($0)" } ?? "that")"
            let rates = facts.rates.filter { facts.code($0, model) != nil }.map { "\($0.bitsPerSecond)" }
                .joined(separator: ", ")
            return .failure(Outcome.Refusal(status: .usage, text: text, next: "use one of \(rates)"))
        }
        guard let steps = facts.steps(act, id) else {
            let text = "that does not fit into a packet"
            return .failure(Outcome.Refusal(status: .usage, text: text, next: "check the value"))
        }
        return .success(steps)
    }

    private var wantedRate: BaudRate? { if case .setRate(let rate) = task { rate } else { nil } }

    private func act(_ facts: FamilyFacts, model: UInt32?) -> BenchAct? {
        switch task {
        case .read: preconditionFailure("reading sends no steps")
        case .write(let register, let number): return .write(number, to: register)
        case .reboot: return .reboot
        case .setID(let new): return facts.register(.id, of: model).map { .write(Int64(new), to: $0) }
        case .setRate(let rate):
            guard let register = facts.register(.rate, of: model), let code = facts.code(rate, model) else {
                return nil
            }
            return .write(code, to: register)
        }
    }
}
