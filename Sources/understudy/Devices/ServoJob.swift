import Actuators
import Ports
import Robots

/// Does one task with one servo. Whatever is refused or fails leaves its reason in `refusal`.
struct ServoJob: ~Copyable, BenchJob {
    let options: ServoOptions
    let address: DeviceAddress
    let devices: DeviceAccess
    var line: DeviceLine?
    var report = ServoReport()
    private(set) var refusal: Outcome.Refusal?
    /// What is to be put back.
    private let settings: ServoSettings?

    init(
        _ options: ServoOptions, _ address: DeviceAddress, _ line: consuming DeviceLine, _ devices: DeviceAccess,
        restoring settings: ServoSettings? = nil
    ) {
        self.options = options
        self.settings = settings
        self.address = address
        self.devices = devices
        self.line = consume line
    }

    var facts: FamilyFacts { options.family.facts }
    var name: String { "servo \(options.id)" }

    mutating func run<Bench: ServoBench & ~Copyable>(_ type: Bench.Type) {
        guard let line = line.take() else { return }
        do throws(Outcome.Refusal) {
            var found = try find(line, type)
            try perform(&found)
        } catch {
            refusal = error
        }
    }

    /// The bench at the rate at which the servo answers.
    struct FoundServo<Bench: ServoBench & ~Copyable>: ~Copyable {
        var bench: Bench
        var rate: BaudRate?
        var identity: ServoIdentity
    }

    private func find<Bench: ServoBench & ~Copyable>(
        _ line: consuming DeviceLine, _ type: Bench.Type
    ) throws(Outcome.Refusal) -> FoundServo<Bench> {
        let rates: [BaudRate?] = line.hasRate ? options.rate.map { [$0] } ?? Bench.rates : [nil]
        var bench = Bench(line, rate: rates.first ?? nil, patience: options.patience)
        var failure = BenchFailure.silent
        for rate in rates {
            do throws(BenchFailure) {
                if let rate { try set(rate, of: &bench, isOneOfMany: rates.count > 1) }
                let identity = try bench.ping(options.id, attempts: 3, by: bench.soon)
                return FoundServo(bench: bench, rate: rate, identity: identity)
            } catch .silent {
            } catch .port(let error) {
                throw .port(address, error)
            } catch {
                failure = error
            }
        }
        throw failure.refusal(of: name, facts, at: address)
    }

    /// A rate that the adapter does not have is one at which nobody answers, unless it is the only one.
    private func set<Bench: ServoBench & ~Copyable>(
        _ rate: BaudRate, of bench: inout Bench, isOneOfMany: Bool
    ) throws(BenchFailure) {
        do throws(PortError) { try bench.setRate(rate) } catch {
            if isOneOfMany, case .baudRefused = error { throw .silent }
            throw .port(error)
        }
        try bench.probeEcho(by: bench.soon)
    }

    private mutating func perform<Bench: ServoBench & ~Copyable>(
        _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        guard let model = Bench.name(ofModel: found.identity.model) else {
            throw Outcome.Refusal(
                status: .deviceFault,
                text: "\(name) is of model \(found.identity.model), whose registers this program does not know",
                next: "use its maker's program")
        }
        report.add("port", .text(address.description))
        report.add("servo", .integer(Int(options.id)))
        report.add("model", .text(model))
        report.add("baud", found.rate.map { .integer(Int($0.bitsPerSecond)) } ?? .null)
        report.say("\(name) at \(shown(address.description)): \(model)\(found.rate.map { ", \($0)" } ?? "")")
        if options.task.changesSettings { try keepSettings(&found) }
        switch options.task {
        case .restore:
            guard let settings else { preconditionFailure("settings are read before a line is opened") }
            try restore(settings, &found)
        case .read(let registers): try read(registers, &found)
        case .write(let register, let number): try write(number, by: act(found), register, &found)
        case .reboot: try reboot(&found)
        case .setID(let new): try setID(new, &found)
        case .setRate(let rate): try setRate(rate, &found)
        }
    }
}

// What the tasks have in common.
extension ServoJob {
    /// Asks, and says what went wrong with this servo.
    func ask<Bench: ServoBench & ~Copyable, Answer>(
        _ found: inout FoundServo<Bench>, _ question: (inout Bench) throws(BenchFailure) -> Answer
    ) throws(Outcome.Refusal) -> Answer {
        do throws(BenchFailure) {
            return try question(&found.bench)
        } catch {
            throw error.refusal(of: name, facts, at: address)
        }
    }

    func value<Bench: ServoBench & ~Copyable>(
        _ register: BenchRegister, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) -> Int64 {
        let id = options.id
        return try ask(&found) { (bench) throws(BenchFailure) in try bench.read(register, of: id, by: bench.soon) }
    }

    /// nil when the servo has no such register.
    func value<Bench: ServoBench & ~Copyable>(
        _ role: BenchRegister.Role, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) -> Int64? {
        guard let register = Bench.register(role, ofModel: found.identity.model) else { return nil }
        return try value(register, &found)
    }

    func isDriven<Bench: ServoBench & ~Copyable>(_ found: inout FoundServo<Bench>) throws(Outcome.Refusal) -> Bool? {
        try value(.torque, &found).map { $0 != 0 }
    }

    func words<Bench: ServoBench & ~Copyable>(_ found: borrowing FoundServo<Bench>) -> RegisterWords {
        RegisterWords(facts: facts, model: found.identity.model)
    }

    func act<Bench: ServoBench & ~Copyable>(
        _ found: borrowing FoundServo<Bench>
    ) throws(Outcome.Refusal) -> BenchAct {
        try options.act(facts, model: found.identity.model).get()
    }

    func send<Bench: ServoBench & ~Copyable>(
        _ steps: [BenchStep], _ found: inout FoundServo<Bench>
    ) throws(BenchFailure) {
        for step in steps { try found.bench.perform(step, by: found.bench.soon) }
    }

    /// Sends what an act needs, and what closes it whether it went well or not.
    func carryOut<Bench: ServoBench & ~Copyable>(
        _ act: BenchAct, _ found: inout FoundServo<Bench>, movingTo rate: BaudRate? = nil
    ) throws(Outcome.Refusal) {
        var failure: BenchFailure?
        do throws(BenchFailure) { try send(Bench.steps(act, of: options.id) ?? [], &found) } catch { failure = error }
        if let rate, failure == nil { try move(to: rate, &found) }
        do throws(BenchFailure) {
            try send(Bench.closing(act, of: options.id), &found)
        } catch {
            // Whether anybody is at the new rate is asked next, and said better than here.
            if rate == nil { failure = failure ?? error }
        }
        if let failure { throw failure.refusal(of: name, facts, at: address) }
    }

    /// Takes the line to another rate.
    func move<Bench: ServoBench & ~Copyable>(
        to rate: BaudRate, _ found: inout FoundServo<Bench>
    ) throws(Outcome.Refusal) {
        do throws(PortError) { try found.bench.setRate(rate) } catch { throw .port(address, error) }
        found.rate = rate
    }
}
