import Supervision
import Testing

@testable import understudy

@Suite("Fault texts")
struct FaultTextTests {
    @Test("no two faults share a title, a cause or a remedy")
    func distinct() {
        #expect(Set(Fault.every.map(\.text.title)).count == Fault.every.count)
        #expect(Set(Fault.every.map(\.text.cause)).count == Fault.every.count)
        #expect(Set(Fault.every.map(\.text.remedy)).count == Fault.every.count)
    }

    @Test("a title is a few words that can follow a number", arguments: Fault.every)
    func title(fault: Fault) {
        let title = fault.text.title
        #expect((2...7).contains(title.split(separator: " ").count))
        #expect(title.first?.isLowercase == true)
        #expect(title.last?.isLetter == true)
    }

    @Test("cause and remedy are one sentence each", arguments: Fault.every)
    func oneSentence(fault: Fault) {
        for sentence in [fault.text.cause, fault.text.remedy] {
            #expect(sentence.first?.isUppercase == true)
            #expect(sentence.last == ".")
            #expect(!sentence.dropLast().contains { ".!?\n".contains($0) })
            #expect(!sentence.contains("  "))
        }
    }

    @Test("a remedy names only verbs of the command", arguments: Fault.every)
    func verbs(fault: Fault) {
        #expect(unknownVerbs(in: fault.text.remedy).isEmpty)
    }

    @Test("a fault that latches tells the person to clear it, and no other does", arguments: Fault.every)
    func clearing(fault: Fault) {
        #expect(fault.text.remedy.contains("clear the fault") == fault.row.latches)
    }

    @Test("an invented verb is noticed")
    func inventedVerb() {
        #expect(unknownVerbs(in: "Run `understudy doctor`, then `understudy pray`.") == ["pray"])
    }
}

/// The words after `understudy` in `text` that are not verbs of the command, now or planned.
func unknownVerbs(in text: String) -> [Substring] {
    let verbs: Set<Substring> = [
        "demo", "init", "doctor", "scan", "calibrate", "guard", "learn", "approve", "deny", "stop", "resume", "status",
        "watch", "budget", "replay", "report", "virtual", "verify", "explain", "bench",
    ]
    return text.matches(of: /`understudy ([^ `]+)/).map(\.output.1).filter { !verbs.contains($0) }
}
