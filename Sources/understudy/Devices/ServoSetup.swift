import Actuators
import Ports
import Robots

/// One servo after the other gets the number of its place.
struct SetupOptions: Equatable, Sendable {
    var plan: SetupPlan
    var port: PortName
    /// nil stands for the rates that servos of the family leave the factory with.
    var rates: RateChoice?
    /// Where it is kept what is done; nil stands for the usual folder.
    var folder: String?
    var patience: Duration?
    var isDryRun = false
    var asJSON = false

    static let planWords = "NUMBER:NAME,... with each number and each name once"

    static func parse(_ line: CommandLineWords) throws(UsageError) -> Verb {
        if line.arguments.count > 1 { throw .unexpectedArgument(line.arguments[1], .servo) }
        if line.has(.mayMove) { throw .unknownOption(Option.mayMove.name, .servo, nearest: nil) }
        let family = try line.neededFamily()
        guard family.facts.isSettable else {
            throw .badValue("--family", family.rawValue, "a family whose servos are set here", .servo)
        }
        guard let text = line.value(of: .plan) else { throw .missingOption(.plan, .servo) }
        guard let plan = SetupPlan(text, family) else {
            throw .badValue("--plan", text, planWords, .servo)
        }
        let rates = line.has(.baud) ? try line.rates() : nil
        return .setup(
            SetupOptions(
                plan: plan, port: try line.neededPort(), rates: rates, folder: line.value(of: .state),
                patience: try line.patience(), isDryRun: line.has(.dryRun), asJSON: line.has(.json)))
    }

    func run(in surroundings: Surroundings) -> Outcome {
        if isDryRun { return dryRun(surroundings.errors) }
        do throws(Outcome.Refusal) {
            let address = try port.resolved(among: surroundings.devices.ports()).get()
            let path = try statePath(surroundings)
            var setup = ServoSetup(
                options: self, address: address, path: path, state: try state(at: path, surroundings))
            return setup.run(in: surroundings)
        } catch {
            return error.outcome(surroundings.errors)
        }
    }

    private func statePath(_ surroundings: Surroundings) throws(Outcome.Refusal) -> String {
        guard let folder = folder ?? surroundings.devices.stateFolder() else {
            throw Outcome.Refusal(
                status: .usage, text: "there is no place to keep what is done: HOME is not set",
                next: "give --state DIRECTORY")
        }
        return "\(folder)/\(SetupState(plan).fileName)"
    }

    /// Where an earlier run ended; a new one where there was none.
    private func state(at path: String, _ surroundings: Surroundings) throws(Outcome.Refusal) -> SetupState {
        switch surroundings.read(path) {
        case .failure(let trouble) where trouble.isMissing: return SetupState(plan)
        case .failure(let trouble):
            throw Outcome.Refusal(
                status: .invalidConfiguration, text: "cannot read '\(shown(path))': \(trouble.reason)",
                next: "check who may read the file")
        case .success(let bytes):
            guard let state = SetupState(String(decoding: bytes, as: UTF8.self), of: plan) else {
                throw Outcome.Refusal(
                    status: .invalidConfiguration, text: "'\(shown(path))' does not say what is done of this plan",
                    next: "remove it to begin again; servos that have their number keep it")
            }
            return state
        }
    }

    /// The order and the bytes, as if every servo came from the factory.
    private func dryRun(_ style: Style) -> Outcome {
        let facts = plan.family.facts
        let words = RegisterWords(facts: facts, model: nil)
        var report = ServoReport()
        report.say("nothing is sent; for servos as they leave the factory these bytes would be:")
        for place in plan.order {
            report.say("\(place.name):")
            guard let register = facts.register(.id, of: nil), place.id != facts.factory.id else {
                report.say("  none: it keeps number \(place.id)")
                continue
            }
            let act = BenchAct.write(Int64(place.id), to: register)
            for step in (facts.steps(act, facts.factory.id) ?? []) + facts.closing(act, facts.factory.id) {
                report.say("  \(hexadecimal(step.bytes))\n    \(words.text(step))")
            }
        }
        report.add("dry_run", .boolean(true))
        report.add("order", .list(plan.order.map(\.json)))
        return Outcome(output: report.output(asJSON: asJSON))
    }
}

extension SetupPlan.Place {
    var json: JSONText { .object([("servo", .integer(Int(id))), ("name", .text(name))]) }
}

/// A setup under way. What is done is written down before the next servo is asked for.
struct ServoSetup {
    let options: SetupOptions
    let address: DeviceAddress
    let path: String
    var state: SetupState

    /// How the talk about one servo ended.
    private enum Turn {
        case done, again
        case over(Outcome.Refusal)
    }

    mutating func run(in surroundings: Surroundings) -> Outcome {
        let devices = surroundings.devices
        if !state.done.isEmpty {
            devices.tell("\(state.done.count) of \(options.plan.places.count) are done already\n")
        }
        while let place = state.next {
            devices.tell("plug in the servo for \(place.name) (number \(place.id)), and no other; then press Enter: ")
            guard devices.ask() != nil else { return ended(interruption, surroundings) }
            switch turn(for: place, surroundings) {
            case .again: continue
            case .over(let refusal): return ended(refusal, surroundings)
            case .done:
                state.finish(place)
                if let trouble = devices.save(path, state.text) {
                    let text = "servo \(place.id) is done, and '\(shown(path))' cannot say so: \(trouble.reason)"
                    return ended(.init(status: .failed, text: text, next: "give --state elsewhere"), surroundings)
                }
            }
        }
        return Outcome(output: summary())
    }

    private var interruption: Outcome.Refusal {
        Outcome.Refusal(status: .failed, text: "it was ended before all were done", next: "run the same command again")
    }

    private func ended(_ refusal: Outcome.Refusal, _ surroundings: Surroundings) -> Outcome {
        var outcome = refusal.outcome(surroundings.errors)
        outcome.output = summary()
        outcome.errors = "\n" + outcome.errors
        return outcome
    }

    private func turn(for place: SetupPlan.Place, _ surroundings: Surroundings) -> Turn {
        let devices = surroundings.devices
        let plan = DeviceScan.Plan(
            address: address, families: [options.plan.family],
            rates: options.rates ?? .only(options.plan.family.facts.factoryRates), ids: nil,
            patience: options.patience)
        switch DeviceScan.run(plan, with: devices) {
        case .failure(let error): return .over(.port(address, error))
        case .success(let scan):
            if case .failed(.port(let error))? = scan.end { return .over(.port(address, error)) }
            if scan.end != nil { return .over(interruption) }
            guard let servo = scan.servos.first?.servo else {
                devices.tell("no servo answers: check its supply and its plug; --baud all asks at every rate\n")
                return .again
            }
            guard scan.servos.count == 1, servo.identity != nil, servo.causes.isEmpty else {
                let ids = scan.servos.map { "\($0.servo.id)" }.joined(separator: ", ")
                devices.tell("more than one servo answers (number \(ids)): leave one plugged in\n")
                return .again
            }
            return give(place, to: servo, surroundings)
        }
    }

    private func give(_ place: SetupPlan.Place, to servo: ServoSighting, _ surroundings: Surroundings) -> Turn {
        let devices = surroundings.devices
        switch state.move(for: place, found: servo.id) {
        case .isDone(let other):
            devices.tell("this is \(other.name) (number \(other.id)), which is done\n")
            return .again
        case .keep:
            devices.tell("\(place.name) has number \(place.id) already\n")
            return .done
        case .give:
            var giving = ServoOptions(
                id: servo.id, port: options.port, family: options.plan.family, rate: servo.rate, task: .setID(place.id))
            if let patience = options.patience { giving.patience = patience }
            let outcome = giving.run(in: surroundings)
            guard outcome.status == .done else {
                devices.tell(outcome.errors)
                return .again
            }
            devices.tell("\(place.name) has number \(place.id) now; it had \(servo.id)\n")
            return .done
        }
    }

    private func summary() -> String {
        var report = ServoReport()
        let rows = options.plan.places.map { ["\($0.id)", $0.name, state.done.contains($0.id) ? "done" : "to do"] }
        report.say(String(columns(rows).dropLast()))
        let places = options.plan.places.map { place in
            JSONText.object([
                ("servo", .integer(Int(place.id))), ("name", .text(place.name)),
                ("done", .boolean(state.done.contains(place.id))),
            ])
        }
        report.add("places", .list(places))
        return report.output(asJSON: options.asJSON)
    }
}
