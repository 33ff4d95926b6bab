import Supervision
import Testing

@testable import understudy

@Suite("Ladder lines")
struct LadderTextTests {
    static let lines: [(Fault, String)] = [
        (
            .lateTicks,
            "Ladder: hold, then slowStop, then park, then limp; cleared by enough healthy ticks while it holds."
        ),
        (
            .deadManReleased,
            "Ladder: hold, then slowStop, then park, then limp; cleared by an operator while it holds."
        ),
        (.operatorStop, "Ladder: slowStop, then park, then limp; cleared by a new permit."),
        (.leftTube, "Ladder: slowStop, then park, then limp; cleared by a person and full verification."),
        (.overspeed, "Ladder: slowStop, then limp; cleared by a person and full verification."),
        (.emergencyStop, "Ladder: limp; cleared by a person and full verification."),
    ]

    @Test("each kind of row reads as a sentence", arguments: lines)
    func line(fault: Fault, expected: String) {
        #expect(fault.row.line == expected)
    }

    @Test("every way down ends with every output off and never climbs", arguments: Fault.every)
    func path(fault: Fault) {
        let path = fault.row.path
        #expect(path.first == fault.row.rung)
        #expect(path.last == .limp)
        #expect(zip(path, path.dropFirst()).allSatisfy { $0.rawValue < $1.rawValue })
        #expect(path.contains(.park) == fault.row.parks)
    }
}
