import FuzzDriver
import VirtualRobot

// Any text is a plan of faults whose times are in order and whose numbers their names allow, or one error with words.
// A plan is the sum of its words, however they are separated.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let text = String(decoding: unsafe input(start, count), as: UTF8.self)
    let words = text.split { $0 == "," || $0 == " " || $0 == "\n" }
    do throws(FaultPlanError) {
        let plan = try FaultPlan(parsing: text, seed: 1)
        expect(plan.faults.count == words.count, "\(words.count) words are \(plan.faults.count) faults")
        for (fault, word) in zip(plan.faults, words) { expectSound(fault, word) }
        let again = try FaultPlan(parsing: words.joined(separator: " , "), seed: 1)
        expect(again == plan, "\(text) is another plan with other separators")
    } catch {
        expect(!words.isEmpty, "nothing was refused with \(error)")
    }
    return 0
}

func expectSound(_ fault: Fault, _ word: Substring) {
    expect(word.hasPrefix(fault.name.rawValue), "\(word) is read as \(fault.name)")
    expect(fault.from >= .start, "\(word) begins before the start")
    if let until = fault.until { expect(until >= fault.from, "\(word) ends before it begins") }
    if let place = fault.place { expect(place >= 0, "\(word) is at \(place)") }
    if let unit = fault.name.unit {
        expect(unit.allows(fault.value), "\(word) has \(fault.value)")
    } else {
        expect(fault.value == 0, "\(word) has a number that its name has not")
    }
    // Whoever asks about it at the ends of time gets an answer.
    for instant in [BusInstant.start, fault.from, BusInstant(nanoseconds: .max)] { _ = fault.isPresent(at: instant) }
}
