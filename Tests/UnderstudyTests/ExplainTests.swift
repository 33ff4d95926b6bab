import Foundation
import Robots
import Supervision
import TestSupport
import Testing

@testable import understudy

@Suite("Explanations")
struct ExplainTests {
    private static let pages: [(line: String, golden: String)] = [
        ("--help", "help.txt"), ("explain --help", "help-explain.txt"), ("doctor --help", "help-doctor.txt"),
        ("scan --help", "help-scan.txt"), ("servo --help", "help-servo.txt"), ("init --help", "help-init.txt"),
        ("recording --help", "help-recording.txt"), ("replay --help", "help-replay.txt"),
        ("export --help", "help-export.txt"), ("calibrate --help", "help-calibrate.txt"),
        ("report --help", "help-report.txt"), ("verify --help", "help-verify.txt"),
        ("budget --help", "help-budget.txt"),
        ("guard --help", "help-guard.txt"), ("approve --help", "help-approve.txt"), ("deny --help", "help-deny.txt"),
        ("grant --help", "help-grant.txt"), ("stop --help", "help-stop.txt"), ("resume --help", "help-resume.txt"),
        ("status --help", "help-status.txt"), ("watch --help", "help-watch.txt"),
        ("--version", "version.txt"), ("explain", "explain-topics.txt"), ("explain modes", "explain-modes.txt"),
        ("explain ladder", "explain-ladder.txt"), ("explain rules", "explain-rules.txt"),
        ("explain exit-status", "explain-exit-status.txt"), ("explain fault 13", "explain-fault-13.txt"),
        ("explain fault 14", "explain-fault-14.txt"), ("explain speed_limit_rad_s", "explain-key.txt"),
        ("explain hold_time_s", "explain-key-with-default.txt"), ("explain drive", "explain-key-with-choices.txt"),
        ("explain hold_stiffness_nm_rad", "explain-key-of-a-drive.txt"),
        ("explain envelope leg", "explain-envelope-leg.txt"),
        ("explain envelope pendulum", "explain-envelope-pendulum.txt"),
        ("explain envelope reacher", "explain-envelope-reacher.txt"),
        ("explain robot pendulum", "explain-robot-pendulum.txt"),
        ("explain unit", "explain-key-of-many.txt"), ("explain task.horizon_s", "explain-key-of-robot.txt"),
    ]

    @Test("every page reads as reviewed, on standard output, at most 80 characters wide", arguments: pages)
    func page(line: String, golden: String) throws {
        let outcome = try Pretended.shipped().run(line)
        #expect(outcome.status == .done && outcome.errors.isEmpty)
        #expect(Golden.difference(outcome.output, from: "Golden/\(golden)") == nil)
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") })
        #expect(outcome.output.hasSuffix("\n") && !outcome.output.hasSuffix("\n\n"))
    }

    private static let documents: [(line: String, golden: String)] = [
        ("explain --json", "explain-topics.json"), ("explain modes --json", "explain-modes.json"),
        ("explain ladder --json", "explain-ladder.json"), ("explain rules --json", "explain-rules.json"),
        ("explain exit-status --json", "explain-exit-status.json"),
        ("explain fault 13 --json", "explain-fault-13.json"),
        ("explain reference --json", "explain-reference.json"), ("explain drive --json", "explain-key.json"),
        ("explain envelope reacher --json", "explain-envelope-reacher.json"),
        ("explain reference", "explain-reference.md"), ("explain robot", "explain-robot.md"),
        ("explain robot --json", "explain-robot.json"),
        ("explain robot pendulum --json", "explain-robot-pendulum.json"),
        ("explain baud --json", "explain-key-of-robot.json"), ("explain unit --json", "explain-key-of-many.json"),
    ]

    @Test("every document for programs reads as reviewed", arguments: documents)
    func document(line: String, golden: String) throws {
        let outcome = try Pretended.shipped().run(line)
        #expect(outcome.status == .done && outcome.errors.isEmpty)
        #expect(Golden.difference(outcome.output, from: "Golden/\(golden)") == nil)
        if line.hasSuffix("--json") {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) }
        }
    }

    @Test("every fault, rule and key is explained", arguments: Fault.all)
    func everyFault(fault: Fault) {
        let outcome = Pretended().run("explain fault \(fault.rawValue)")
        #expect(outcome.output.contains(fault.name) && outcome.output.contains(fault.text.title))
        #expect(outcome.output.contains("\(fault.rule)") && outcome.output.contains(fault.page))
        let ladder = Pretended().run("explain ladder").output
        #expect(ladder.contains(" \(fault.name) "))
    }

    @Test("every key is in the reference and has a page", arguments: KeyTable.all.flatMap(\.rows))
    func everyKey(row: KeyRow) {
        #expect(Pretended().run("explain reference").output.contains("| `\(row.path)` |"))
        // Two keys have the name of a topic: the reference shows them.
        guard !Topic.words.contains(row.name) else { return }
        let page = Pretended().run("explain \(row.name)").output
        #expect(page.contains("key \(row.path) of ") && page.contains(row.help.prefix(40)))
        #expect(Pretended().run("explain \(row.path)").output.contains("key \(row.path) of "))
    }

    @Test("the help names every verb and every topic")
    func completeHelp() {
        for verb in VerbName.allCases { #expect(Help.text(nil).contains("\n  \(verb.rawValue) ")) }
        for topic in Topic.words {
            #expect(Help.text(.explain).contains("\n  \(topic) "))
            #expect(Pretended().run("explain").output.contains("\n  \(topic) "))
        }
    }

    @Test("colours are for a terminal that has them, and not when they are unwanted")
    func colours() {
        #expect(Style(isTerminal: true, noColour: nil, terminal: "xterm").isColoured)
        #expect(Style(isTerminal: true, noColour: "", terminal: nil).isColoured)
        #expect(!Style(isTerminal: true, noColour: "1", terminal: "xterm").isColoured)
        #expect(!Style(isTerminal: true, noColour: nil, terminal: "dumb").isColoured)
        #expect(!Style(isTerminal: false, noColour: nil, terminal: "xterm").isColoured)
    }

    @Test(
        "colours change nothing but colours, and programs never get any",
        arguments: pages.drop { $0.golden.hasPrefix("help") || $0.golden == "version.txt" })
    func colouredPages(line: String, golden: String) throws {
        var coloured = try Pretended.shipped()
        coloured.style = Style(isColoured: true)
        let output = coloured.run(line).output
        #expect(output.contains("\u{1B}["))
        #expect(output.replacing(#/\u{1B}\[[0-9;]+m/#, with: "") == (try Pretended.shipped().run(line).output))
        #expect(!coloured.run("\(line) --json").output.contains("\u{1B}"))
    }
}

@Suite("Explaining envelopes")
struct ExplainEnvelopeTests {
    @Test("an invalid file is status 3, says everything that is wrong, and shows nothing as if it were right")
    func invalid() throws {
        var pretended = try Pretended.shipped()
        let path = "safety/envelopes/pendulum.json5"
        let broken = try #require(pretended.files[path])
            .replacing("effort_limit_nm: 0.2,", with: "effort_limit_nm: 0,").replacing("period_s", with: "perod_s")
        pretended.files["arm.json5"] = broken
        let outcome = pretended.run("explain envelope arm.json5")
        #expect(outcome.status == .invalidConfiguration && outcome.output.isEmpty)
        #expect(Golden.difference(outcome.errors, from: "Golden/invalid-envelope.txt") == nil)
        let programs = pretended.run("explain envelope arm.json5 --json")
        #expect(programs.status == .invalidConfiguration)
        #expect(Golden.difference(programs.output, from: "Golden/invalid-envelope.json") == nil)
    }

    @Test("one problem is one problem")
    func single() {
        let outcome = Pretended(files: ["a.json5": "[1,"]).run("explain envelope a.json5")
        #expect(outcome.errors.hasPrefix("a.json5:1:4: error: the file ends here\n"))
        #expect(outcome.errors.hasSuffix("\n1 problem; nothing of this file is used\n"))
    }

    @Test(
        "what cannot be found is named, with what there is",
        arguments: [
            ("pendlum", "there is no envelope 'pendlum' in 'safety/envelopes'; did you mean 'pendulum'?"),
            ("octopus", "there is no envelope 'octopus' in 'safety/envelopes'\n"),
            ("./pendulum", "cannot read './pendulum': No such file or directory"),
            ("x.json5", "cannot read 'x.json5': No such file or directory"),
        ])
    func notFound(name: String, text: String) throws {
        let outcome = try Pretended.shipped().run("explain envelope \(name)")
        #expect(outcome.status == .invalidConfiguration && outcome.output.isEmpty)
        #expect(outcome.errors.contains(text) && outcome.errors.contains("\n  next: "))
    }

    @Test("a file that is there and cannot be read is not called missing")
    func unreadable() throws {
        let shipped = try Pretended.shipped().surroundings
        let surroundings = Surroundings(
            output: .plain, errors: .plain, read: { _ in .failure(FileTrouble(code: 13, reason: "Permission denied")) },
            list: shipped.list, examine: shipped.examine, user: shipped.user, devices: shipped.devices, say: shipped.say
        )
        let outcome = Verb.run(["explain", "envelope", "pendulum"], in: surroundings)
        #expect(outcome.status == .invalidConfiguration)
        #expect(outcome.errors.hasPrefix("error: cannot read 'safety/envelopes/pendulum.json5': Permission denied\n"))
    }

    @Test("without a folder of envelopes the path that was tried is named")
    func noFolder() {
        let errors = Pretended().run("explain envelope arm --envelopes=nowhere").errors
        #expect(errors.hasPrefix("error: cannot read 'nowhere/arm.json5': No such file or directory\n"))
    }

    @Test("limits that are allowed but odd are pointed out; the shipped files have none")
    func doubts() throws {
        let shipped = try Pretended.shipped()
        for name in ["pendulum", "reacher"] {
            #expect(!shipped.run("explain envelope \(name)").output.contains("worth a second look"))
        }
        let text = try #require(shipped.files["safety/envelopes/pendulum.json5"])
            .replacing("position_high_rad: 12,", with: "position_high_rad: 4,")
            .replacing("position_low_rad: -12,", with: "position_low_rad: -0.05,")
            .replacing("softening_rad: 0.5,", with: "softening_rad: 0.05,")
            .replacing("slow_stop_time_s: 3,", with: "slow_stop_time_s: 0.6,")
            .replacing("park_time_s: 15,", with: "park_time_s: 2.6,")
            .replacing("temperature_limit_c: 55,", with: "temperature_limit_c: 90,")
            .replacing("motion_age_s: 0.015,", with: "motion_age_s: 0.007,")
        let output = Pretended(files: ["a.json5": text]).run("explain envelope a.json5").output
        let start = try #require(output.range(of: "worth a second look"))
        #expect(Golden.difference(String(output[start.lowerBound...]), from: "Golden/doubts.txt") == nil)
    }
}
