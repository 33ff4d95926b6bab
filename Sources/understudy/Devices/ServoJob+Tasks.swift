import Actuators
import Ports
import Robots

// Reading, writing, starting again.
extension ServoJob {
    mutating func read<Bench: ServoBench & ~Copyable>(
        _ named: [BenchRegister], _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        let all = Bench.registers(ofModel: found.identity.model)
        let words = words(found)
        var rows: [[String]] = []
        var values: [JSONText] = []
        for register in named.isEmpty ? all : named {
            guard all.contains(register) else {
                throw Outcome.Refusal(
                    status: .usage, text: "\(name) has no register \(quoted(register.name))",
                    next: "read without a name shows those that it has")
            }
            let number = try value(register, &found)
            let meaning = facts.meaning(number, register, found.identity.model)?.text ?? ""
            rows.append(["\(register.address)", register.name, "\(number)", meaning])
            values.append(words.json(number, register))
        }
        report.say(String(columns(rows).dropLast()))
        report.add("registers", .list(values))
    }

    mutating func write<Bench: ServoBench & ~Copyable>(
        _ number: Int64, by act: BenchAct, _ register: BenchRegister, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        guard let known = Bench.registers(ofModel: found.identity.model).first(where: { $0.name == register.name })
        else {
            throw Outcome.Refusal(
                status: .usage, text: "\(name) has no register \(quoted(register.name))",
                next: "read without a name shows those that it has")
        }
        let isDriven = try isDriven(&found)
        if let objection = known.objection(to: number, isDriven: isDriven, mayMove: options.mayMove) {
            throw objection.refusal(of: quoted(known.name), servo: options.id)
        }
        let before = try value(known, &found)
        do throws(Outcome.Refusal) { try carryOut(act, &found) } catch {
            throw known.role == .torque && number != 0 ? try switchOff(after: error, known, &found) : error
        }
        let after = try value(known, &found)
        let words = words(found)
        report.say("  \(known.name): \(words.value(before, known)) -> \(words.value(after, known))")
        report.add("before", words.json(before, known))
        report.add("after", words.json(after, known))
        guard after == number else {
            throw Outcome.Refusal(
                status: .deviceFault, text: "\(name) took \(number) and its register \(known.name) says \(after)",
                next: "read the limits that are set in the servo")
        }
        if known.role == .torque && number != 0 {
            report.say("  the motor is on, and stays on when this has ended; to let go: write \(known.name) 0")
        }
    }

    /// Nobody knows whether the motor was switched on: it is switched off, and that is read back.
    private mutating func switchOff<Bench: ServoBench & ~Copyable>(
        after refusal: Outcome.Refusal, _ torque: BenchRegister, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) -> Outcome.Refusal {
        var isOff = false
        do throws(BenchFailure) {
            try send(Bench.steps(.write(0, to: torque), of: options.id) ?? [], &found)
            isOff = try found.bench.read(torque, of: options.id, by: found.bench.soon) == 0
        } catch {}
        let text = isOff ? "; its motor is off" : "; whether its motor is on is not known"
        let next = isOff ? refusal.next : "keep away from the joint and switch its supply off"
        return Outcome.Refusal(status: refusal.status, text: refusal.text + text, next: next)
    }

    mutating func reboot<Bench: ServoBench & ~Copyable>(
        _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        let isDriven = try isDriven(&found)
        let startup = try value(.startup, &found) ?? 0
        if let objection = WriteObjection.toReboot(isDriven: isDriven, startup: startup, mayMove: options.mayMove) {
            throw objection.refusal(of: "a reboot", servo: options.id)
        }
        try carryOut(try act(found), &found)
        try waitForStart(&found)
        let alarms = try value(.alarms, &found) ?? 0
        report.say("  it has started again; \(alarms == 0 ? "it does not complain" : "it still complains")")
        report.add("alarms", .integer(Int(alarms)))
        if alarms != 0 {
            throw Outcome.Refusal(
                status: .deviceFault, text: "\(name) complains again right after its start",
                next: "mend the cause: understudy servo \(options.id) ... read")
        }
    }

    /// Its silence shows that it starts, and its answer that it has started.
    private mutating func waitForStart<Bench: ServoBench & ~Copyable>(
        _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        let end = found.bench.now + Bench.bootTime * 3
        var wasSilent = false
        var failure = BenchFailure.silent
        while found.bench.now < end {
            do throws(BenchFailure) {
                _ = try found.bench.ping(options.id, attempts: 1, by: found.bench.soon)
                if wasSilent { return }
            } catch .port(let error) {
                throw .port(address, error)
            } catch {
                wasSilent = true
                failure = error
            }
        }
        if wasSilent { throw failure.refusal(of: "\(name), after it was told to start again,", facts, at: address) }
        throw Outcome.Refusal(
            status: .deviceFault, text: "\(name) took the request and was never silent: it did not start again",
            next: "switch its supply off and on")
    }
}

// A new number, a new rate. Both are checked from the other side.
extension ServoJob {
    mutating func setID<Bench: ServoBench & ~Copyable>(
        _ new: UInt8, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        guard new != options.id else {
            throw Outcome.Refusal(status: .usage, text: "\(name) has this number already", next: "give another one")
        }
        try mustRest(&found)
        if try isThere(new, &found) {
            throw Outcome.Refusal(
                status: .refused,
                text: "number \(new) answers already, and two servos with one number cannot be told apart",
                next: "use a free number; 'understudy scan' shows those that are taken")
        }
        // A servo may answer to this under either number: what counts is who answers afterwards.
        try carryOut(try act(found), &found)
        guard try isThere(new, &found) else {
            throw Outcome.Refusal(
                status: .deviceFault, text: "\(name) was told to be \(new), and nobody answers to \(new)",
                next: "look where it is: understudy scan --port \(shown(address.description))")
        }
        if try isThere(options.id, &found) {
            throw Outcome.Refusal(
                status: .deviceFault, text: "\(new) answers now, and \(options.id) still does: there were two servos",
                next: "plug in one servo at a time")
        }
        report.say("  number \(options.id) -> \(new); \(new) answers, \(options.id) does not any more")
        report.add("new_servo", .integer(Int(new)))
    }

    mutating func setRate<Bench: ServoBench & ~Copyable>(
        _ rate: BaudRate, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        try mustRest(&found)
        let act = try act(found)
        let back = found.rate.flatMap { Bench.code(of: $0, model: found.identity.model) }
        let old = found.rate
        try carryOut(act, &found, movingTo: rate)
        if try isThere(options.id, &found) {
            report.say("  rate \(old.map { "\($0)" } ?? "-") -> \(rate); it answers there")
            report.add("new_baud", .integer(Int(rate.bitsPerSecond)))
            return
        }
        try goBack(to: old, code: back, from: rate, &found)
    }

    /// Nobody answers at the new rate. It may hear us without our hearing it, so it is told to go back.
    private mutating func goBack<Bench: ServoBench & ~Copyable>(
        to old: BaudRate?, code: Int64?, from rate: BaudRate, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        var isBack = try isAnswering(at: old, &found)
        if !isBack, let code, let register = Bench.register(.rate, ofModel: found.identity.model),
            let steps = Bench.steps(.write(code, to: register), of: options.id)
        {
            try move(to: rate, &found)
            // Its answer is not expected to be understood.
            do throws(BenchFailure) { try send(steps, &found) } catch {}
            isBack = try isAnswering(at: old, &found)
        }
        let text = "\(name) does not answer at \(rate)"
        throw Outcome.Refusal(
            status: .deviceFault,
            text: isBack
                ? "\(text), and is back at \(old.map { "\($0)" } ?? "its old rate")" : "\(text) nor at the old one",
            next: isBack ? "use a rate that the adapter has as well" : "look for it: understudy scan --baud all")
    }

    private mutating func isAnswering<Bench: ServoBench & ~Copyable>(
        at rate: BaudRate?, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) -> Bool {
        if let rate { try move(to: rate, &found) }
        return try isThere(options.id, &found)
    }

    private mutating func mustRest<Bench: ServoBench & ~Copyable>(
        _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        guard try isDriven(&found) == false else {
            throw WriteObjection.isDriven.refusal(of: "this setting", servo: options.id)
        }
    }

    /// Whether somebody answers to a number, intact or not.
    func isThere<Bench: ServoBench & ~Copyable>(
        _ id: UInt8, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) -> Bool {
        do throws(BenchFailure) {
            _ = try found.bench.ping(id, attempts: 3, by: found.bench.soon)
            return true
        } catch .silent {
            return false
        } catch .port(let error) {
            throw .port(address, error)
        } catch {
            return true
        }
    }
}
