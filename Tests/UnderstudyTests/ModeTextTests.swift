import Quantities
@testable import Supervision
import Testing

@testable import understudy

@Suite("The words about modes")
struct ModeTextTests {
    /// Follows every arrow there is and notes which mode leads to which other.
    private func arrows() -> [UInt8: Set<UInt8>] {
        let two = Ticks(2)
        let times = LadderTimes(hold: two, slowStop: two, park: two, limp: two, rest: two, recovery: two, permit: two)
        var arrows: [UInt8: Set<UInt8>] = [:]
        var seen: Set<String> = ["\(Mode.unknown)"]
        var waiting: [Mode] = [.unknown]
        while let mode = waiting.popLast() {
            for next in successors(of: mode, times) {
                if next.number != mode.number { arrows[mode.number, default: []].insert(next.number) }
                // A stopped robot counts its ticks for ever; past every time-out nothing new comes of it.
                guard next.stop.map({ max($0.ticksOnRung, $0.healthyTicks) < Ticks(5) }) ?? true else { continue }
                if seen.insert("\(next)").inserted { waiting.append(next) }
            }
        }
        return arrows
    }

    /// One fault for each kind of row: a mode looks at nothing else of a fault.
    private let faults = Fault.all.filter { fault in Fault.all.first { $0.row == fault.row } == fault }

    private func successors(of mode: Mode, _ times: LadderTimes) -> [Mode] {
        let person = Operator(userNumber: 7)
        let events: [Event] =
            [.identified, .verified, .observe, .finish, .resume(by: person), .clear(by: person)]
            + faults.map(Event.fault)
        let motions: [Motion] = [.moving, .resting, .parked]
        return events.map { event in after(mode) { $0.handle(event) } }
            + motions.map { motion in after(mode) { $0.tick(motion, within: times) } }
            + [after(mode) { $0.permit() }, after(mode) { $0.start(Run(horizon: Ticks(2), demandsTube: false)) }]
    }

    private func after(_ mode: Mode, _ step: (inout Mode) -> Action) -> Mode {
        var next = mode
        _ = step(&next)
        return next
    }

    @Test("the modes and the arrows between them are those of the supervisor")
    func arrowsMatch() {
        let arrows = arrows()
        #expect(Set(arrows.keys) == Set(ModeText.all.map(\.number)))
        for text in ModeText.all {
            let told = Set(text.exits.compactMap { exit in ModeText.all.first { $0.name == exit.to }?.number })
            #expect(told == arrows[text.number], "\(text.name)")
        }
    }

    @Test("the names and the numbers are those of the supervisor")
    func names() {
        let modes: [Mode] = [.unknown, .identified, .verified, .observing]
        for mode in modes {
            #expect(ModeText.all.contains { $0.name == "\(mode)" && $0.number == mode.number })
            #expect(!mode.isPowered)
        }
        #expect(ModeText.all.map(\.number) == Array(0...7))
    }
}

extension Mode {
    fileprivate var stop: Stop? {
        switch self {
        case .held(let stop), .latched(let stop): stop
        case .unknown, .identified, .verified, .observing, .permitted, .running: nil
        }
    }
}
