import Ports
import Quantities
import Testing

@testable import Actuators

/// Evidence as a bus would have left it, with causes planted by a test.
private struct Planted {
    var counters = BusCounters()
    var timing = BusTiming()
    var devices = (1...6).map { BusEvidence.Device(id: $0, asked: 1_000, failures: 0) }
    var returnDelay: Duration?
    var latencyTimer: Duration?
    var rate = BaudRate(1_000_000)

    /// A bus on which nothing is wrong: a hundred answers, each 80 to 179 µs after its request.
    init(waits: [Int64] = (0..<100).map { 80_000 + $0 * 1_000 }) {
        counters.transactions = 1_000
        for wait in waits { answer(after: wait) }
    }

    mutating func answer(after nanoseconds: Int64) {
        timing.wait.record(nanoseconds: nanoseconds)
        timing.whole.record(nanoseconds: nanoseconds + 300_000)
    }

    mutating func fail(_ place: Int, _ failures: UInt64, breaks: UInt64 = 0) {
        devices[place] = .init(id: devices[place].id, asked: 1_000, failures: failures, chainBreaks: breaks)
    }

    var causes: [BusCause] {
        BusDiagnosis(
            BusEvidence(
                counters, timing, devices: devices, rate: rate, returnDelay: returnDelay, latencyTimer: latencyTimer)
        ).causes
    }
}

private func waits(_ microseconds: Int64, _ spread: Int64 = 10) -> [Int64] {
    (0..<100).map { (microseconds + $0 % spread) * 1_000 }
}

@Suite("The diagnosis of a bus")
struct BusDiagnosisTests {
    @Test("a bus on which nothing is wrong has no cause, and one that was never asked neither")
    func healthy() {
        #expect(Planted().causes.isEmpty)
        var quick = Planted()
        quick.latencyTimer = .milliseconds(1)
        quick.returnDelay = .zero
        #expect(quick.causes.isEmpty)
        #expect(BusDiagnosis(BusEvidence(BusCounters(), BusTiming(), devices: [])).causes.isEmpty)
    }

    @Test(
        "a latency timer is named when answers wait for it",
        arguments: [(16, 15_000, true), (16, 4_200, true), (16, 200, false), (2, 900, true), (1, 900, false)])
    func latencyTimer(milliseconds: Int, wait: Int64, isNamed: Bool) {
        var bus = Planted(waits: waits(wait))
        bus.latencyTimer = .milliseconds(milliseconds)
        guard case .latencyTimer(let timer, let median)? = bus.causes.first else {
            #expect(!isNamed && bus.causes.isEmpty)
            return
        }
        #expect(isNamed && timer == .milliseconds(milliseconds) && median >= .microseconds(wait))
    }

    @Test("a driver that says nothing about its timer is found out by the wait", arguments: [7_100, 12_000, 15_900])
    func silentTimer(wait: Int64) {
        guard case .latencyTimer(nil, _)? = Planted(waits: waits(wait)).causes.first else {
            Issue.record("not named")
            return
        }
        #expect(Planted(waits: waits(3_000)).causes.isEmpty)
        #expect(Planted(waits: waits(30_000)).causes.isEmpty)
    }

    @Test("a return delay is named when it is known, and guessed when no answer was ever quicker")
    func returnDelay() {
        var bus = Planted(waits: waits(600))
        bus.returnDelay = .microseconds(500)
        guard case .returnDelay(.microseconds(500), let median)? = bus.causes.first else {
            Issue.record("not named: \(bus.causes)")
            return
        }
        #expect(median >= .microseconds(600))
        bus.returnDelay = .microseconds(98)
        #expect(bus.causes.isEmpty)
        bus.returnDelay = nil
        #expect(bus.causes.count == 1)
        bus.answer(after: 300_000)
        #expect(bus.causes.isEmpty)
    }

    @Test("garbage and nothing else is a wrong rate, and then nothing else is said")
    func wrongRate() {
        var bus = Planted(waits: [])
        bus.counters.damaged = 900
        bus.counters.echoes = 1_000
        bus.fail(2, 1_000)
        #expect(bus.causes == [.wrongRate(BaudRate(1_000_000), damaged: 900)])
        bus.answer(after: 100_000)
        #expect(!bus.causes.contains(.wrongRate(BaudRate(1_000_000), damaged: 900)))
        var quiet = Planted(waits: [])
        quiet.counters.damaged = 3
        #expect(quiet.causes.isEmpty)
    }

    @Test("an echo is named when it comes with most requests")
    func echo() {
        var bus = Planted()
        bus.counters.echoes = 999
        #expect(bus.causes == [.echo(999, of: 1_000)])
        bus.counters.echoes = 3
        #expect(bus.causes.isEmpty)
    }

    @Test("a wire is named where shared answers break first", arguments: 0..<6)
    func brokenChain(place: Int) {
        var bus = Planted()
        for later in place..<6 { bus.fail(later, 40, breaks: later == place ? 38 : 1) }
        #expect(bus.causes == [.flakyWire(before: UInt8(place + 1), failures: 38, of: 1_000)])
    }

    @Test("a wire is named in front of the first of those that fail", arguments: 0..<6)
    func brokenTail(place: Int) {
        var bus = Planted()
        for later in place..<6 { bus.fail(later, 20 + UInt64(later)) }
        #expect(bus.causes == [.flakyWire(before: UInt8(place + 1), failures: 20 + UInt64(place), of: 1_000)])
        // A device in the middle that fails alone is no wire.
        var alone = Planted()
        alone.fail(2, 30)
        #expect(alone.causes.isEmpty)
    }

    @Test("one device that answers damaged while all others are well is two devices")
    func sharedNumber() {
        var bus = Planted()
        bus.fail(3, 600)
        bus.counters.damaged = 580
        #expect(bus.causes == [.sharedNumber(4, failures: 600, unexpected: 0, of: 1_000)])
        // Silence is no second voice.
        bus.counters.damaged = 0
        #expect(bus.causes.isEmpty)
        bus.fail(2, 590)
        bus.counters.damaged = 1_100
        #expect(!bus.causes.contains { if case .sharedNumber = $0 { true } else { false } })
    }

    @Test("a device alone that answers everything twice is two devices")
    func twice() {
        var bus = Planted()
        bus.devices = [.init(id: 7, asked: 10, failures: 0)]
        bus.counters.unexpected = 4
        #expect(bus.causes == [.sharedNumber(7, failures: 0, unexpected: 4, of: 10)])
        bus.counters.unexpected = 1
        #expect(bus.causes.isEmpty)
        // Bytes that were waiting are second answers too, unless somebody was given up before.
        bus.counters.unexpected = 0
        bus.counters.lateBytes = 50
        #expect(bus.causes.first == .sharedNumber(7, failures: 0, unexpected: 4, of: 10))
        bus.counters.timeOuts = 4
        #expect(bus.causes == [.lateAnswers(bytes: 50, packets: 0, timeOuts: 4)])
    }

    @Test("what came after it was given up is named")
    func late() {
        var bus = Planted()
        bus.counters.lateBytes = 14
        #expect(bus.causes == [.lateAnswers(bytes: 14, packets: 0, timeOuts: 0)])
        bus.counters.lateBytes = 0
        bus.counters.timeOuts = 2
        #expect(bus.causes.isEmpty)
        bus.counters.unexpected = 2
        #expect(bus.causes == [.lateAnswers(bytes: 0, packets: 2, timeOuts: 2)])
    }

    @Test("a few answers that are seen late, among many that are not, are this machine's")
    func slowHost() {
        var bus = Planted()
        for _ in 0..<3 { bus.answer(after: 9_000_000) }
        guard case .slowHost(let median, let worst, 103)? = bus.causes.first else {
            Issue.record("not named: \(bus.causes)")
            return
        }
        #expect(median < .microseconds(200) && worst >= .milliseconds(8))
    }

    @Test("several causes are all named, the gravest first")
    func several() {
        var bus = Planted(waits: waits(15_000))
        bus.latencyTimer = .milliseconds(16)
        bus.returnDelay = .microseconds(500)
        bus.counters.echoes = 1_000
        for later in 4..<6 { bus.fail(later, 50) }
        #expect(bus.causes.count == 4)
        #expect(bus.causes.first == .flakyWire(before: 5, failures: 50, of: 1_000))
        #expect(bus.causes.last == .echo(1_000, of: 1_000))
    }

    @Test("the numbers of a bus become evidence joint by joint")
    func ofABus() throws {
        var counters = BusCounters()
        counters.transactions = 50
        counters.failures[try #require(JointIndex(1))] = 7
        counters.chainBreaks[try #require(JointIndex(1))] = 5
        let evidence = BusEvidence(counters, BusTiming(), ids: [11, 12])
        #expect(
            evidence.devices == [
                .init(id: 11, asked: 50, failures: 0), .init(id: 12, asked: 50, failures: 7, chainBreaks: 5),
            ])
        #expect(BusDiagnosis(evidence).causes == [.flakyWire(before: 12, failures: 5, of: 50)])
    }
}
