import Actuators
import Ports
import Robots
import Supervision
import TestSupport
import Testing

@testable import understudy

private func parse(_ line: String) throws(UsageError) -> Verb {
    try Verb.parse(line.split(separator: " ").map(String.init))
}

private func key(_ name: String) -> Topic { .key(KeyTable.all.flatMap(\.rows).filter { $0.name == name }) }

@Suite("The command line")
struct VerbTests {
    @Test("what is understood")
    func understood() throws {
        #expect(try parse("--help") == .help(nil))
        #expect(try parse("--version") == .version)
        #expect(try parse("explain") == .explain(.topics, asJSON: false))
        #expect(try parse("explain ladder --json") == .explain(.ladder, asJSON: true))
        #expect(try parse("explain --json ladder") == .explain(.ladder, asJSON: true))
        #expect(try parse("explain -- rules") == .explain(.rules, asJSON: false))
        #expect(try parse("explain period_s") == .explain(key("period_s"), asJSON: false))
        #expect(try parse("explain joints[].drive") == .explain(key("drive"), asJSON: false))
        #expect(try parse("explain task.horizon_s") != .explain(key("horizon_s"), asJSON: false))
        let robot = RobotSource("x", robots: "/r", envelopes: "/e")
        #expect(try parse("explain robot x --robots /r --envelopes=/e") == .explain(.robot(robot), asJSON: false))
        #expect(try parse("explain robot --json") == .explain(.robotReference, asJSON: true))
        var made = InitOptions(name: "arm-2", like: "pendulum")
        #expect(try parse("init arm-2 --like pendulum") == .`init`(made))
        made.isDryRun = true
        made.robots = "r"
        made.envelopes = "e"
        #expect(try parse("init --like pendulum --dry-run --robots r --envelopes e arm-2") == .`init`(made))
        #expect(try parse("explain every_joint.drive") == .explain(key("drive"), asJSON: false))
        #expect(try parse("explain envelope x") == .explain(.envelope("x", folder: "safety/envelopes"), asJSON: false))
        let elsewhere = Verb.explain(.envelope("x", folder: "/etc/arm"), asJSON: false)
        #expect(try parse("explain envelope x --envelopes /etc/arm") == elsewhere)
        #expect(try parse("explain --envelopes=/etc/arm envelope x") == elsewhere)
        #expect(try parse("recording info a --json") == .recording(.info("a", asJSON: true)))
        let recover = RecordingOptions.recover(["a", "b"], output: "c", asJSON: false)
        #expect(try parse("recording recover a --output=c b") == .recording(recover))
        #expect(try parse("doctor") == .doctor(DoctorOptions()))
        #expect(try parse("scan") == .scan(ScanOptions()))
        let look = DeviceLook(
            port: .address(.path("/dev/pts/4")), families: [.feetech],
            rates: .only([BaudRate(9_600), BaudRate(57_600)].compactMap(\.self)),
            ids: 1...20)
        let line = "--port /dev/pts/4 --family feetech --baud 9600,57600,9600 --ids 1-20"
        #expect(try parse("scan --json \(line)") == .scan(ScanOptions(look: look, asJSON: true)))
        #expect(try parse("doctor \(line)") == .doctor(DoctorOptions(look: look)))
        let all = DeviceLook(port: .unstable("/dev/ttyUSB0"), families: ServoFamily.allCases, rates: .all)
        #expect(try parse("scan --port /dev/ttyUSB0 --family all --baud all") == .scan(ScanOptions(look: all)))
        let arm = RobotLook(source: RobotSource("arm"))
        #expect(try parse("doctor arm") == .doctor(DoctorOptions(robot: arm)))
        let there = RobotLook(
            source: RobotSource("arm", robots: "r", envelopes: "e"), port: .address(.path("/dev/pts/4")),
            patience: .milliseconds(50))
        #expect(
            try parse("doctor arm --robots r --envelopes e --port /dev/pts/4 --patience 50")
                == .doctor(DoctorOptions(envelopes: "e", robot: there)))
        let options = DoctorOptions(asJSON: true, isStrict: true, state: "a=b", envelopes: "-")
        #expect(try parse("doctor --strict --envelopes - --state=a=b --json") == .doctor(options))
    }

    @Test("what is to be done with a servo is understood, registers by name and by address")
    func servo() throws {
        func task(_ words: String) throws -> ServoTask? {
            guard case .servo(let options) = try parse("servo 7 --port /dev/pts/4 --family dynamixel \(words)") else {
                return nil
            }
            #expect(options.id == 7 && options.family == .dynamixel && options.rate == nil)
            return options.task
        }
        let goal = try #require(ServoFamily.dynamixel.facts.registers(nil).first { $0.name == "goalPosition" })
        for name in ["goalPosition", "goal-position", "GOAL_POSITION", "116"] {
            #expect(try task("read \(name)") == .read([goal]))
        }
        #expect(try task("read") == .read([]))
        #expect(try task("write goalPosition 0x10") == .write(goal, 16))
        #expect(try task("write goalPosition -- -5") == .write(goal, -5))
        #expect(try task("reboot") == .reboot && task("set-id 0") == .setID(0))
        #expect(try task("set-baud 57600") == BaudRate(57_600).map { .setRate($0) })
    }

    @Test("a fault is found by its number and by its name", arguments: Fault.all)
    func faults(fault: Fault) throws {
        let padded = String(repeating: "0", count: fault.rawValue < 10 ? 2 : 1) + "\(fault.rawValue)"
        for word in ["\(fault.rawValue)", padded, fault.name, fault.name.uppercased()] {
            #expect(try parse("explain fault \(word)") == .explain(.fault(fault), asJSON: false))
        }
    }

    @Test("--help behind a verb is the help of that verb, whatever else is said", arguments: VerbName.allCases)
    func help(verb: VerbName) throws {
        #expect(try parse("\(verb.rawValue) --help") == .help(verb))
        #expect(try parse("\(verb.rawValue) --nonsense --help more") == .help(verb))
    }

    private static let mistakes: [(line: String, error: UsageError)] = [
        ("", .noVerb),
        ("explian", .unknownVerb("explian", nearest: "explain")),
        ("rehearse", .unknownVerb("rehearse", nearest: nil)),
        ("Doctor", .unknownVerb("Doctor", nearest: "doctor")),
        ("--hlep", .unknownOption("--hlep", nil, nearest: "--help")),
        ("-h", .unknownOption("-h", nil, nearest: nil)),
        ("--json explain", .unknownOption("--json", nil, nearest: nil)),
        ("doctor --jsno", .unknownOption("--jsno", .doctor, nearest: "--json")),
        ("explain --strict", .unknownOption("--strict", .explain, nearest: nil)),
        ("explain ladder -j", .unknownOption("-j", .explain, nearest: nil)),
        ("doctor --json --json", .repeatedOption("--json", .doctor)),
        ("doctor --state=a --state b", .repeatedOption("--state", .doctor)),
        ("doctor --json=yes", .unexpectedValue("--json", .doctor)),
        ("doctor --json=", .unexpectedValue("--json", .doctor)),
        ("doctor --state", .missingValue("--state", "DIRECTORY", .doctor)),
        ("doctor --state=", .missingValue("--state", "DIRECTORY", .doctor)),
        ("doctor --state --json", .missingValue("--state", "DIRECTORY", .doctor)),
        ("--help explain", .unexpectedArgument("explain", nil)),
        ("--version --json", .unexpectedArgument("--json", nil)),
        ("doctor now then", .unexpectedArgument("then", .doctor)),
        ("doctor arm -- --json", .unexpectedArgument("--json", .doctor)),
        ("doctor arm --ids 1-2", .optionOfRobot(.ids, .doctor)),
        ("doctor --baud 9600 arm", .optionOfRobot(.baud, .doctor)),
        ("doctor arm --family feetech", .optionOfRobot(.family, .doctor)),
        ("doctor --robots r", .missingWord("a ROBOT for '--robots'", .doctor)),
        ("explain ladder rungs", .unexpectedArgument("rungs", .explain)),
        ("explain fault 1 2", .unexpectedArgument("2", .explain)),
        ("explain ladr", .unknownTopic("ladr", nearest: "ladder")),
        ("explain speed_limit_rads", .unknownTopic("speed_limit_rads", nearest: "speed_limit_rad_s")),
        ("explain everything", .unknownTopic("everything", nearest: nil)),
        ("explain fault", .missingArgument("fault", "a NUMBER or a NAME")),
        ("explain envelope", .missingArgument("envelope", "a NAME or a FILE")),
        ("explain fault 0", .unknownFault("0", nearest: nil)),
        ("explain fault 36", .unknownFault("36", nearest: nil)),
        ("explain fault -- -1", .unknownFault("-1", nearest: nil)),
        ("explain fault 256", .unknownFault("256", nearest: nil)),
        ("explain fault 99999999999999999999", .unknownFault("99999999999999999999", nearest: nil)),
        ("explain fault oversped", .unknownFault("oversped", nearest: "overspeed")),
        ("scan --baud 57600", .optionWithout(.baud, .port, .scan)),
        ("scan --port nowhere", .badValue("--port", "nowhere", CommandLineWords.ports, .scan)),
        ("scan --port /dev/pts/1 --baud 0", .badValue("--baud", "0", "rates like 57600,1000000, or all", .scan)),
        (
            "scan --port /dev/pts/1 --ids 9-1",
            .badValue("--ids", "9-1", "a number or a range from 0 to 253, like 1-20", .scan)
        ),
        (
            "scan --port /dev/pts/1 --family x",
            .badValue("--family", "x", "dynamixel or feetech or moteus or all", .scan)
        ),
        ("scan now", .unexpectedArgument("now", .scan)),
        ("servo", .missingWord("the number of a servo, or setup", .servo)),
        ("servo setup --family dynamixel", .missingOption(.plan, .servo)),
        (
            "servo setup --family moteus --plan 1:a",
            .badValue("--family", "moteus", "a family whose servos are set here", .servo)
        ),
        ("servo setup --family dynamixel --plan 1:a", .missingOption(.port, .servo)),
        ("servo setup 1 --family dynamixel", .unexpectedArgument("1", .servo)),
        (
            "servo setup --family dynamixel --plan 1:a,1:b",
            .badValue("--plan", "1:a,1:b", SetupOptions.planWords, .servo)
        ),
        ("servo 1 --family dynamixel --plan 1:a", .unknownOption("--plan", .servo, nearest: nil)),
        ("servo 1", .missingOption(.family, .servo)),
        ("servo 1 --family dynamixel", .missingOption(.port, .servo)),
        ("servo 253 --family dynamixel", .badValue("the number of a servo", "253", "from 0 to 252", .servo)),
        (
            "servo 1 --family dynamixel --port /a",
            .missingWord("read, write, reboot, set-id, set-baud, restore", .servo)
        ),
        ("servo 1 --family dynamixel --port /a raed", .unknownTask("raed", nearest: "read")),
        ("servo 1 --family dynamixel --port /a write", .missingWord("a register and a value", .servo)),
        ("servo 1 --family dynamixel --port /a write led", .missingWord("a value", .servo)),
        (
            "servo 1 --family dynamixel --port /a write led on",
            .badValue("write", "on", "a whole number, decimal or 0x…", .servo)
        ),
        (
            "servo 1 --family dynamixel --port /a read torqueEnabel",
            .unknownRegister("torqueEnabel", .dynamixel, nearest: "torqueEnable")
        ),
        (
            "servo 1 --family dynamixel --port /a set-id 254",
            .badValue("the number of a servo", "254", "from 0 to 252", .servo)
        ),
        ("servo 1 --family dynamixel --port /a reboot now", .unexpectedArgument("now", .servo)),
        ("servo 1 --family dynamixel --port /a read --may-move", .unknownOption("--may-move", .servo, nearest: nil)),
        ("recording", .missingWord("info or recover", .recording)),
        ("recording look a.mcap", .unknownRecordingTask("look", nearest: nil)),
        ("recording recovr a.mcap", .unknownRecordingTask("recovr", nearest: "recover")),
        ("recording info", .missingWord("a FILE", .recording)),
        ("recording info a b", .unexpectedArgument("b", .recording)),
        ("recording info a --output b", .optionOfTask(.output, "recover", .recording)),
        ("recording recover", .missingWord("a FILE", .recording)),
        ("explain ladder --envelopes=x", .optionNeeds("--envelopes", "envelope NAME")),
        ("explain --envelopes=x", .optionNeeds("--envelopes", "envelope NAME")),
    ]

    @Test("what is not understood is named", arguments: mistakes)
    func mistake(line: String, error: UsageError) {
        #expect(throws: error) { try parse(line) }
    }

    @Test("every mistake is said on standard error, with the command that helps, and is status 2")
    func texts() {
        var text = ""
        for (line, _) in Self.mistakes {
            let outcome = Pretended().run(line)
            #expect(outcome.status == .usage && outcome.output.isEmpty)
            text += "$ understudy \(line)\n\(outcome.errors)"
        }
        #expect(Golden.difference(text, from: "Golden/usage-errors.txt") == nil)
    }

    @Test("a word cannot write to the terminal", arguments: ["\u{1B}[2Jx", "a\nb", "\u{202E}abc", "\u{7F}"])
    func control(word: String) {
        for words in [[word], ["explain", word], ["explain", "fault", word], ["doctor", "--\(word)"]] {
            let errors = Pretended().run(words).errors
            #expect(!errors.contains(word) && errors.contains("U+"))
        }
    }

    @Test("an empty word is named as well as any other")
    func emptyWords() {
        #expect(Pretended().run([""]).errors.hasPrefix("error: '' is not a verb\n"))
        #expect(Pretended().run(["explain", ""]).status == .usage)
        #expect(Pretended().run(["explain", "fault", ""]).status == .usage)
    }
}

@Suite("Nearest words")
struct NearestTests {
    @Test(
        "a slip of the fingers is recognised, another word is not",
        arguments: [
            ("explain", "explain"), ("explian", "explain"), ("xplain", "explain"), ("explains", "explain"),
            ("dcotor", "doctor"), ("doc", nil), ("learn", nil), ("", nil), ("e", nil), ("x", nil), ("ab", nil),
        ] as [(String, String?)])
    func verbs(word: String, expected: String?) {
        #expect(nearest(to: word, among: ["explain", "doctor"]) == expected)
    }

    @Test("two swapped neighbours are one mistake, and of several the nearest wins")
    func swaps() {
        #expect(nearest(to: "period_s", among: ["periods_s", "perido_s", "period_ss"]) == "periods_s")
        #expect(nearest(to: "abcdef", among: ["abdcfe", "abcxyz"]) == "abdcfe")
        #expect(nearest(to: String(repeating: "a", count: 65), among: [String(repeating: "a", count: 65)]) == nil)
        #expect(nearest(to: "anything", among: []) == nil)
    }
}
