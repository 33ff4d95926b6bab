public import Ports

// Looking for servos. Only pings and reads are sent, each to one number: a ping for everyone makes those with one number
// collide, and some families answer it all at once.

extension ServoBench where Self: ~Copyable {
    /// What is read of a servo that was found, in this order. Two servos with one number say most of it with one voice;
    /// where they stand and what their clocks say is hardly ever the same.
    static var lookedAt: [BenchRegister.Role] {
        [.alarms, .voltage, .temperature, .torque, .returnDelay, .statusLevel, .startup, .watchdog, .position, .clock]
    }

    /// Enough for the retries of one request on the slowest line.
    public var soon: MonotonicInstant { now + .seconds(3) + patience * 8 }

    /// How long a number takes that nobody has.
    public func silence(at rate: BaudRate?) -> Duration {
        patience + .nanoseconds(WireTime(rate).nanoseconds(for: 24)) + .microseconds(510)
    }

    /// Asks every number once. `proceed` is told each number before it is asked, and ends the look by answering no.
    public mutating func scan(
        _ ids: ClosedRange<UInt8>, rate: BaudRate?, latencyTimer: Duration? = nil,
        proceed: (_ next: UInt8, _ found: Int) -> Bool
    ) -> BenchScan {
        var scan = BenchScan()
        var wanted = Int(ids.lowerBound)
        while let id = UInt8(exactly: wanted), id <= ids.upperBound, scan.end == nil {
            guard proceed(id, scan.found.count) else {
                scan.end = .stopped
                return scan
            }
            let before = counters
            look(for: id, isLast: id == ids.upperBound, rate, latencyTimer, &scan)
            let isNewlyPatient = becameMorePatient(than: before, lastFound: scan.found.last?.id, id, ids.lowerBound)
            // What came late belongs to the number before: it is asked again.
            wanted += isNewlyPatient ? -1 : 1
        }
        return scan
    }

    private mutating func look(
        for id: UInt8, isLast: Bool, _ rate: BaudRate?, _ latencyTimer: Duration?, _ scan: inout BenchScan
    ) {
        do throws(BenchFailure) {
            // Nobody comes after the last one, during whose turn a late answer could be heard.
            let identity = try ping(id, attempts: isLast ? 2 : 1, by: soon)
            try found(try sight(identity, rate, latencyTimer), &scan)
            if let longest = timing.wait.quantile(1), patience > ScanPatience.after(.nanoseconds(longest)),
                patience == ScanPatience.first
            {
                patience = ScanPatience.after(.nanoseconds(longest))
            }
        } catch .silent {
        } catch .port(let error) {
            scan.end = .failed(.port(error))
        } catch {
            lookAgain(at: id, rate, latencyTimer, &scan)
        }
    }

    private func found(_ sighting: ServoSighting, _ scan: inout BenchScan) throws(BenchFailure) {
        scan.found.removeAll { $0.id == sighting.id }
        scan.found.append(sighting)
    }

    /// Something answered, not intact. Noise does not answer three times.
    private mutating func lookAgain(
        at id: UInt8, _ rate: BaudRate?, _ latencyTimer: Duration?, _ scan: inout BenchScan
    ) {
        let before = Look(self)
        let usual = patience
        patience = max(usual, ScanPatience.most)
        defer { patience = usual }
        do throws(BenchFailure) {
            let identity = try ping(id, attempts: 5, by: soon)
            try found(try sight(identity, rate, latencyTimer), &scan)
        } catch .garbled {
            let evidence = Look(self).evidence(since: before, rate, latencyTimer, of: id)
            let device = evidence.devices[0]
            let cause = BusCause.sharedNumber(
                id, failures: device.failures, unexpected: evidence.counters.unexpected, of: device.asked)
            scan.found.append(
                ServoSighting(id: id, rate: rate, identity: nil, values: [:], evidence: device, causes: [cause]))
        } catch .port(let error) {
            scan.end = .failed(.port(error))
        } catch {}
    }

    /// Reads what a servo says of itself. A late answer looks like a second voice: who is suspected of having one is
    /// asked again with all patience, after which only real ones are left.
    mutating func sight(
        _ identity: ServoIdentity, _ rate: BaudRate?, _ latencyTimer: Duration?
    ) throws(BenchFailure) -> ServoSighting {
        let first = try sightOnce(identity, rate, latencyTimer)
        if first.causes.isEmpty { return first }
        let usual = patience
        patience = max(usual, ScanPatience.most)
        let second = try sightOnce(identity, rate, latencyTimer)
        // A real second voice was never late.
        patience = second.causes.isEmpty ? max(usual, min(usual * 2, ScanPatience.most)) : usual
        return second
    }

    private mutating func sightOnce(
        _ identity: ServoIdentity, _ rate: BaudRate?, _ latencyTimer: Duration?
    ) throws(BenchFailure) -> ServoSighting {
        let before = Look(self)
        var values: [BenchRegister.Role: Int64] = [:]
        var misses = 0
        for role in Self.lookedAt where misses < 3 {
            guard let register = Self.register(role, ofModel: identity.model) else { continue }
            do throws(BenchFailure) {
                values[role] = try read(register, of: identity.id, by: soon)
            } catch .port(let error) {
                throw .port(error)
            } catch {
                misses += 1
            }
        }
        let evidence = Look(self).evidence(since: before, rate, latencyTimer, of: identity.id)
        let causes = BusDiagnosis(evidence).causes.filter {
            if case .sharedNumber = $0 { true } else { false }
        }
        return ServoSighting(
            id: identity.id, rate: rate, identity: identity, values: values, evidence: evidence.devices[0],
            causes: causes)
    }

    /// Waits longer from now on, when an answer came that had been given up.
    private mutating func becameMorePatient(
        than before: BusCounters, lastFound: UInt8?, _ id: UInt8, _ lowest: UInt8
    ) -> Bool {
        let isLate = counters.lateBytes > before.lateBytes || counters.unexpected > before.unexpected
        guard isLate, id > lowest, lastFound != id, lastFound != id - 1, patience < ScanPatience.most else {
            return false
        }
        patience = min(patience * 2, ScanPatience.most)
        return true
    }
}

/// The books of a bench at one moment.
struct Look {
    let counters: BusCounters
    let answered: UInt64

    init(_ bench: borrowing some ServoBench & ~Copyable) {
        counters = bench.counters
        answered = bench.timing.whole.count
    }

    /// What happened since, while only this one number was asked.
    func evidence(since before: Look, _ rate: BaudRate?, _ latencyTimer: Duration?, of id: UInt8) -> BusEvidence {
        let counters = counters.since(before.counters)
        let asked = counters.transactions
        // What was intact and no answer to the question was asked for again.
        let failures = max(asked - min(asked, answered - before.answered), counters.retries)
        let device = BusEvidence.Device(id: id, asked: asked, failures: min(failures, asked))
        return BusEvidence(counters, BusTiming(), devices: [device], rate: rate, latencyTimer: latencyTimer)
    }
}

extension BusCounters {
    /// What was added after an earlier moment.
    func since(_ earlier: BusCounters) -> BusCounters {
        var difference = BusCounters()
        difference.transactions = transactions - earlier.transactions
        difference.retries = retries - earlier.retries
        difference.timeOuts = timeOuts - earlier.timeOuts
        difference.damaged = damaged - earlier.damaged
        difference.unexpected = unexpected - earlier.unexpected
        difference.lateBytes = lateBytes - earlier.lateBytes
        difference.echoes = echoes - earlier.echoes
        return difference
    }
}
