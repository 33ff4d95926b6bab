import BoardLink
import Testing

@Suite struct SequenceMonitorTests {
    @Test("the first number is neither lost, repeated nor late", arguments: [0, 1, 32_768, 65_535] as [UInt16])
    func first(sequence: UInt16) {
        var monitor = SequenceMonitor()
        #expect(monitor.observe(sequence) == .first)
        #expect(monitor.lost == 0 && monitor.repeated == 0 && monitor.late == 0)
    }

    @Test(
        "places a number by its distance from the newest, also across the wrap",
        arguments: [0, 1, 32_767, 32_768, 65_534, 65_535] as [UInt16],
        [
            (1, .next), (2, .gap(lost: 1)), (3, .gap(lost: 2)), (32_766, .gap(lost: 32_765)),
            (32_767, .gap(lost: 32_766)), (0, .repeated), (32_768, .late), (32_769, .late), (65_535, .late),
        ] as [(UInt16, SequenceMonitor.Order)])
    func distance(start: UInt16, step: (ahead: UInt16, order: SequenceMonitor.Order)) {
        var monitor = SequenceMonitor()
        _ = monitor.observe(start)
        #expect(monitor.observe(start &+ step.ahead) == step.order)
    }

    @Test("counts nothing over three full turns without a fault") func wraparound() {
        var monitor = SequenceMonitor()
        _ = monitor.observe(0)
        var orders = 0
        for step in 1...200_000 where monitor.observe(UInt16(truncatingIfNeeded: step)) == .next { orders += 1 }
        #expect(orders == 200_000)
        #expect(monitor.lost == 0 && monitor.repeated == 0 && monitor.late == 0)
    }

    @Test("adds up what was lost, repeated and late") func counts() {
        var monitor = SequenceMonitor()
        for sequence in [65_530, 65_533, 65_533, 65_531, 2, 1, 2] as [UInt16] { _ = monitor.observe(sequence) }
        #expect(monitor.lost == 2 + 4)
        #expect(monitor.repeated == 2)
        #expect(monitor.late == 2)
    }

    @Test("a late number does not move the newest") func lateKeepsPlace() {
        var monitor = SequenceMonitor()
        for sequence in [10, 5] as [UInt16] { _ = monitor.observe(sequence) }
        #expect(monitor.observe(11) == .next)
    }

    @Test("takes any number as the first after a restart and keeps its counts") func restart() {
        var monitor = SequenceMonitor()
        for sequence in [10, 12] as [UInt16] { _ = monitor.observe(sequence) }
        monitor.restart()
        #expect(monitor.observe(0) == .first)
        #expect(monitor.lost == 1)
    }
}
