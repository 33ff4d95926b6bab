import Ports
import Testing

@testable import VirtualRobot
import Simulator

/// A slave that says its number in every step, unasked, and nothing else.
private struct Talker: VirtualWire {
    var count: UInt8 = 0
    var pending: [WireAnswer] = []

    var slaveCount: Int { 1 }
    var drives: [MotorDrive] { [.off] }
    func bitsPerSecond(of slave: Int) -> UInt32? { nil }
    mutating func hear(_ bytes: Span<UInt8>, at instant: BusInstant, listening: (Int) -> Bool) -> [WireAnswer] {
        [WireAnswer(slave: 0, delayNanoseconds: 0, bytes: [0xFF])]
    }
    mutating func hearSilence() {}
    mutating func suffer(_ fault: SlaveFault, slave: Int, isPresent: Bool, at instant: BusInstant) {}
    mutating func delayCommands(of slave: Int, by milliseconds: Int) {}
    mutating func advance(to instant: BusInstant, body: some VirtualBody) {
        guard instant > .start else { return }
        count += 1
        pending.append(WireAnswer(slave: 0, delayNanoseconds: 0, bytes: [count]))
    }
    mutating func takeReports() -> [WireAnswer] {
        defer { pending = [] }
        return pending
    }
}

@Suite struct ReportTests {
    private func bus(bitsPerSecond: UInt32?) -> VirtualBus<Talker, LooseJoints> {
        VirtualBus(
            wire: Talker(), body: .xl330(1),
            line: LineSettings(rate: bitsPerSecond.flatMap(BaudRate.init), isShared: false))
    }

    @Test("what a slave says unasked arrives after its step")
    func unasked() {
        var bus = bus(bitsPerSecond: nil)
        bus.advance(to: instant(3))
        #expect(bus.takeDeliveries().map(\.bytes) == [[1], [2], [3]])
    }

    @Test("reports and answers queue on a line of their own and destroy nothing")
    func queue() {
        // A byte takes ten milliseconds: the reports pile up behind each other.
        var bus = bus(bitsPerSecond: 1_000)
        bus.send([7], at: instant(0.5))
        bus.advance(to: instant(35))
        #expect(bus.takeDeliveries().map(\.bytes) == [[1], [2], [3]])
        #expect(bus.line.collisions == 0)
    }

    @Test("an adapter that is not there passes nothing on")
    func unplugged() throws {
        var bus = VirtualBus(
            wire: Talker(), body: LooseJoints.xl330(1), line: LineSettings(rate: nil, isShared: false),
            faults: try FaultPlan(parsing: "unplug", seed: 1))
        bus.advance(to: instant(3))
        #expect(bus.takeDeliveries().isEmpty)
    }
}
