import Actuators
import Ports
import Robots

extension ServoOptions {
    func run(in surroundings: Surroundings) -> Outcome {
        let style = surroundings.errors
        if !task.onlyReads, !family.facts.isSettable { return impossible(family.facts, nil).outcome(style) }
        var settings: ServoSettings?
        if case .restore(let path) = task {
            guard case .success(let bytes) = surroundings.read(path),
                let kept = ServoSettings(String(decoding: bytes, as: UTF8.self))
            else {
                return .failure(
                    .invalidConfiguration, "'\(shown(path))' holds no settings that were kept of a servo",
                    next: "every change says where it has kept them", style)
            }
            settings = kept
        }
        if isDryRun { return dryRun(style) }
        switch port.resolved(among: surroundings.devices.ports()) {
        case .failure(let refusal): return refusal.outcome(style)
        case .success(let address):
            var opened = surroundings.devices.open(address, rate ?? family.facts.factory.rate)
            guard let line = opened.line.take() else {
                return Outcome.Refusal.port(address, opened.error ?? .missing).outcome(style)
            }
            var job = ServoJob(self, address, line, surroundings.devices, restoring: settings)
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
        if let objection, objection.status == .usage { return objection.outcome(style) }
        switch act(words.facts, model: nil) {
        case .failure(let refusal): return refusal.outcome(style)
        case .success(let act):
            var report = ServoReport()
            let steps = (words.facts.steps(act, id) ?? []) + words.facts.closing(act, id)
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
        case .restore: "a ping, whether the motor is driven, and what differs"
        case .write: "a ping, and whether the motor is driven; after: the register is read back"
        case .reboot: "a ping, whether the motor is driven, and what it does when it starts"
        case .setID(let new): "a ping, whether the motor is driven, and that nobody answers to \(new)"
        case .setRate: "a ping, and whether the motor is driven; after: a ping at the new rate"
        }
    }

    /// What the task asks for; refused when the family has no word for it.
    func act(_ facts: FamilyFacts, model: UInt32?) -> Result<BenchAct, Outcome.Refusal> {
        let act: BenchAct? =
            switch task {
            case .read: preconditionFailure("reading changes nothing")
            case .write(let register, let number): .write(number, to: register)
            case .reboot: .reboot
            case .restore: nil
            case .setID(let new): facts.register(.id, of: model).map { .write(Int64(new), to: $0) }
            case .setRate(let rate):
                facts.register(.rate, of: model).flatMap { register in
                    facts.code(rate, model).map { .write($0, to: register) }
                }
            }
        guard let act, facts.steps(act, id) != nil else { return .failure(impossible(facts, model)) }
        return .success(act)
    }

    private func impossible(_ facts: FamilyFacts, _ model: UInt32?) -> Outcome.Refusal {
        guard facts.isSettable else {
            return Outcome.Refusal(
                status: .usage, text: "\(family.rawValue) controllers are only read here",
                next: "set them with their maker's program")
        }
        switch task {
        case .setRate(let rate):
            let rates = facts.rates.filter { facts.code($0, model) != nil }.map { "\($0.bitsPerSecond)" }
            return Outcome.Refusal(
                status: .usage, text: "no servo of this \(model == nil ? "family" : "model") runs at \(rate)",
                next: "use one of \(rates.joined(separator: ", "))")
        case .reboot:
            return Outcome.Refusal(
                status: .usage, text: "servos of this family have no request for a new start",
                next: "switch the supply off and on")
        case .restore:
            return Outcome.Refusal(
                status: .usage, text: "what differs from the file only the servo says, and nothing is sent",
                next: "without --dry-run it writes what differs, and reads it back")
        case .read, .write, .setID:
            return Outcome.Refusal(
                status: .usage, text: "the register cannot hold that, or nothing here ever writes it",
                next: "read the register to see what it holds")
        }
    }
}
