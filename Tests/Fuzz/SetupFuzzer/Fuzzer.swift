import Actuators
import FuzzDriver

// Any text is a plan of numbers and names that is written again as one plan, or none; any file is a state of its plan
// that is written again as the same state, or none. A state never says more than its plan has places for, and goes on
// with a place that is not done.
//
// The first line of the input is a plan, the rest a file of its state; without its two head lines the file would always
// be refused, so it is also read behind them.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let text = String(decoding: unsafe input(start, count), as: UTF8.self)
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    for family in ServoFamily.allCases {
        guard let plan = SetupPlan(String(lines[0]), family) else { continue }
        expect(SetupPlan(plan.text, family) == plan, "\(plan.text) is read as another plan")
        expect(Set(plan.order.map(\.id)) == Set(plan.places.map(\.id)), "the order leaves a place out")
        let rest = lines.count > 1 ? String(lines[1]) : ""
        for file in [rest, SetupState(plan).text + rest] { expectState(file, of: plan) }
    }
    return 0
}

func expectState(_ file: String, of plan: SetupPlan) {
    guard var state = SetupState(file, of: plan) else { return }
    expect(SetupState(state.text, of: plan) == state, "\(file) is read as another state")
    expect(state.done.isSubset(of: Set(plan.places.map(\.id))), "more is done than the plan has")
    // Whoever goes on to the end does each place that is left once.
    var left = plan.places.count - state.done.count
    while let place = state.next {
        expect(!state.done.contains(place.id) && left > 0, "\(place) is done already")
        state.finish(place)
        left -= 1
    }
    expect(left == 0, "\(left) places are left out")
}
