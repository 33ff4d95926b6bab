import Actuators
import Ports
import Quantities

/// Asks the servos at one port, family by family and rate by rate, and says on the way how far it is.
struct DeviceScan {
    struct Plan {
        let address: DeviceAddress
        let families: [ServoFamily]
        let rates: RateChoice
        let ids: ClosedRange<UInt8>?
        /// nil begins with what is usual, and learns from answers how long they take.
        var patience: Duration?
        /// How often those that were found are asked again, for what shows only now and then.
        var rounds = 0
        /// Whether they are asked as well what they follow, and between which bounds they stay on.
        var inspects = false
    }

    /// What one rate brought.
    struct Found: Sendable {
        let family: ServoFamily
        let rate: BaudRate?
        let servos: [ServoSighting]
        let causes: [BusCause]
        let counters: BusCounters
        let timing: BusTiming
    }

    fileprivate(set) var found: [Found] = []
    /// Rates that the adapter does not have.
    fileprivate(set) var skipped: [BaudRate] = []
    /// Whether rates were left out because servos had answered at the usual ones.
    fileprivate(set) var leftRates = false
    fileprivate(set) var end: BenchScan.End?

    var servos: [(family: ServoFamily, servo: ServoSighting)] {
        found.flatMap { found in found.servos.map { (found.family, $0) } }
    }

    /// Whether any servo was found that did not answer properly, or complains.
    var hasTrouble: Bool { servos.contains { $0.servo.isTroubled } }

    static func run(_ plan: Plan, with devices: DeviceAccess) -> Result<DeviceScan, PortError> {
        guard let first = plan.families.first?.facts else { preconditionFailure("there is a family to look for") }
        var opened = devices.open(plan.address, plan.rates.parts(of: first).first?.first ?? first.factory.rate)
        guard let line = opened.line.take() else { return .failure(opened.error ?? .missing) }
        var job = ScanJob(plan, devices, line)
        for part in 0..<job.parts {
            job.begin(part)
            for family in plan.families where job.scan.end == nil && !job.scan.leftRates { family.perform(&job) }
        }
        job.progress.finish()
        return .success(job.scan)
    }
}

extension ServoSighting {
    var isTroubled: Bool { identity == nil || !causes.isEmpty || values[.alarms] ?? 0 != 0 }
}

/// The line goes from bench to bench.
private struct ScanJob: ~Copyable, BenchJob {
    let plan: DeviceScan.Plan
    let devices: DeviceAccess
    let progress: ScanProgress
    let latencyTimer: Duration?
    let hasRate: Bool
    var line: DeviceLine?
    var scan = DeviceScan()
    private var part = 0

    /// How often the families are gone through. A line without a rate has one answer to give.
    let parts: Int

    init(_ plan: DeviceScan.Plan, _ devices: DeviceAccess, _ line: consuming DeviceLine) {
        self.plan = plan
        self.devices = devices
        latencyTimer = line.latency?.timer
        let hasRate = line.hasRate
        self.hasRate = hasRate
        self.line = consume line
        parts = hasRate ? plan.rates.partCount : 1
        let numbers = (0..<parts).map { plan.numbers(part: $0, hasRate) }
        progress = ScanProgress(numbers, devices)
    }

    /// What is unusual is asked for only when what is usual brought nobody.
    mutating func begin(_ part: Int) {
        self.part = part
        progress.begin(part: part)
        if part > 0, scan.end == nil { scan.leftRates = !scan.servos.isEmpty }
    }

    mutating func run<Bench: ServoBench & ~Copyable>(_ bench: Bench.Type) {
        guard hasRate else { return look(at: nil, bench) }
        for rate in plan.rates.parts(of: Bench.family.facts)[part] where scan.end == nil { look(at: rate, bench) }
    }

    private mutating func look<Bench: ServoBench & ~Copyable>(at rate: BaudRate?, _ type: Bench.Type) {
        guard let ids = plan.clamped(Bench.ids), var line = line.take() else { return }
        guard set(rate, &line) else {
            self.line = consume line
            return
        }
        var bench = Bench(line, rate: rate, patience: plan.patience ?? ScanPatience.first)
        progress.begin(Bench.family, rate, ids)
        do throws(BenchFailure) { try bench.probeEcho(by: bench.soon) } catch {
            scan.end = .failed(error)
            self.line = bench.takeLine()
            return
        }
        let (progress, devices) = (progress, devices)
        let result = bench.scan(ids, rate: rate, latencyTimer: latencyTimer) { id, found in
            progress.step(id, found: found)
            return !devices.isInterrupted()
        }
        var found = result.found.sorted { $0.id < $1.id }
        scan.end = result.end
        var exercised: [BusEvidence.Device] = []
        if plan.rounds > 0, scan.end == nil, !found.isEmpty {
            do throws(BenchFailure) {
                if plan.inspects {
                    for place in found.indices { found[place] = try bench.inspect(found[place]) }
                }
                exercised = try bench.exercise(found, rounds: plan.rounds) { !devices.isInterrupted() }
            } catch { scan.end = .failed(error) }
        }
        scan.found.append(
            DeviceScan.Found(
                family: Bench.family, rate: rate, servos: found, causes: causes(bench, found, exercised, rate),
                counters: bench.counters, timing: bench.timing))
        self.line = bench.takeLine()
    }

    /// Whether the line runs at that rate now. An adapter that cannot is no error of the scan.
    private mutating func set(_ rate: BaudRate?, _ line: inout DeviceLine) -> Bool {
        guard let rate else { return true }
        do throws(PortError) {
            try line.setBaudRate(rate)
            return true
        } catch .hungUp(let count) {
            scan.end = .failed(.port(.hungUp(transferred: count)))
        } catch {
            scan.skipped.append(rate)
        }
        return false
    }

    private func causes<Bench: ServoBench & ~Copyable>(
        _ bench: borrowing Bench, _ found: [ServoSighting], _ exercised: [BusEvidence.Device], _ rate: BaudRate?
    ) -> [BusCause] {
        let delays = found.compactMap { servo -> Duration? in
            guard let model = servo.identity?.model, let raw = servo.values[.returnDelay],
                let register = Bench.register(.returnDelay, ofModel: model),
                case .time(let time)? = Bench.meaning(of: raw, in: register, model: model)
            else { return nil }
            return .nanoseconds(Int64(time.value * 1e9))
        }
        let evidence = BusEvidence(
            bench.counters, bench.timing, devices: exercised, rate: rate, returnDelay: delays.max(),
            latencyTimer: latencyTimer)
        let isShared = found.contains { !$0.causes.isEmpty }
        return BusDiagnosis(evidence).causes.filter { cause in
            // Two voices at one number are said there; here they look like late answers.
            switch cause {
            case .lateAnswers, .sharedNumber: !isShared
            default: true
            }
        }
    }
}

extension DeviceScan.Plan {
    /// nil when a family has none of the numbers.
    func clamped(_ all: ClosedRange<UInt8>) -> ClosedRange<UInt8>? {
        guard let ids else { return all }
        return ids.overlaps(all) ? ids.clamped(to: all) : nil
    }

    /// How many questions a part has when nobody answers.
    fileprivate func numbers(part: Int, _ hasRate: Bool) -> Int {
        families.map(\.facts).map { facts in
            (clamped(facts.ids)?.count ?? 0) * (hasRate ? rates.parts(of: facts)[part].count : 1)
        }.reduce(0, +)
    }
}
