import TestSupport
import Testing

@testable import Robots

@Suite("Mistakes in robot files")
struct RobotProblemTests {
    /// What is changed in the pendulum's file; `` and the rest of the line are what it becomes.
    private static let mistakes: [(passage: String, becomes: String)] = [
        // Keys, kinds and units.
        ("period_s: 0.005", "perod_s: 0.005"), ("period_s: 0.005", "period: 0.005"),
        ("period_s: 0.005", "period_s: '5 ms'"),
        ("format: 1", "format: 2"), (#"robot: "pendulum""#, #"robot: "The Pendulum""#),
        ("baud: 1000000", "baud: 1000000, colour: 'red'"), ("low_nm: -0.17", "low: -0.17"),
        (#"bus: {"#, #"buss: {"#), ("joints: [", "joints: { a: 1 }, joint: ["),
        (#"about: "One"#, #"about: 7, _: "One"#),
        // The bus and the joints.
        (#"driver: "dynamixel""#, #"driver: "dynamixl""#), (#"driver: "dynamixel""#, #"driver: "feetech""#),
        (#"driver: "dynamixel""#, #"driver: "board""#), ("baud: 1000000", "baud: 57600"),
        ("id: 1,", "id: 253,"), ("id: 1,", "id: 1.5,"), ("id: 1,", ""),
        (#"name: "swing""#, #"name: "left-hip""#), (#"drive: "effort""#, #"drive: "position""#),
        (#"drive: "effort""#, #"drive: "torque""#), ("torque_per_ampere_nm_a: 0.366,", ""),
        ("current_limit_a: 1,", "torque_at_full_duty_nm: 0.5,"),
        ("current_limit_a: 1,", "stop_low_rad: 1, stop_high_rad: -1,"), ("current_limit_a: 1,", "stop_low_rad: -11,"),
        ("current_limit_a: 1,", "stop_low_rad: -11, stop_high_rad: 13,"),
        // The task.
        ("low_nm: -0.17, high_nm: 0.17", "low_nm: 0.17, high_nm: -0.17"), ("low_nm: -0.17, ", ""),
        ("low_nm: -0.17, high_nm: 0.17", "low_rad: -1, high_rad: 1"),
        ("low_nm: -0.17, high_nm: 0.17", "low_rad_s: -1, high_rad_s: 1"),
        ("low_nm: -0.17, high_nm: 0.17", "low_nm: -0.3, high_nm: 0.3"),
        ("action: { swing: {", "action: { swng: {"),
        ("action: { swing: { low_nm: -0.17, high_nm: 0.17 } }", "action: {}"),
        ("= omega / 10", "= omga / 10"), ("= omega / 10", "= omega / "), ("= omega / 10", "= omega / (10"),

        (#""rate = omega / 10""#, #""omega / 10""#), (#""rate = omega / 10""#, #""rate' = omega / 10""#),
        (#""rate = omega / 10""#, #""sine = omega / 10""#), (#""rate = omega / 10""#, "7"),
        (#""rate = omega / 10""#, #""r\u0061te = \x6fmga""#), ("wrap(theta - pi)", "wrp(theta - pi)"),
        ("position.swing\",", "position.swig\","), ("tilt = wrap(theta - pi)", "tilt = wrap(tilt - pi)"),
        ("tilt = wrap(theta - pi)", "theta = wrap(omega - pi)"), ("tilt = wrap(theta - pi)", "sin = wrap(theta - pi)"),
        ("abs(theta) > 10", "abs(theta)"), ("abs(tilt) < 0.2 and abs(omega) < 1", "0.1 < abs(tilt) < 0.2"),
        (#"reward: "-(tilt"#, #"reward: "[1, 2] * -(tilt"#), ("failure_reward: -1.5,", ""),
        ("horizon_s: 5,", "horizon_s: 50,"),
        ("success_time_s: 1,", "success_time_s: 1, draws: { t: { unit: 'm', low: 2, high: 1 } },"),
        ("success_time_s: 1,", "success_time_s: 1, draws: { t: { unit: 'metre', mean: 0, sd: 0 } },"),
        ("success_time_s: 1,", "success_time_s: 1, draws: { time: { unit: 'm', low: 2, sd: 1 } },"),
        // Start and reset.
        ("position_rad: 0, spread_rad: 0.2", "position_rad: 11.8"),
        ("position_rad: 0, spread_rad: 0.2", "spread_rad: 11.8"),
        ("start: { swing: {", "start: { swimg: {"), (#"{ step: "relax" }"#, #"{ step: "relex" }"#),
        (#"{ step: "relax" }"#, #"{ step: "relax", for_s: 1 }"#),
        (#"{ step: "move" }"#, #"{ step: "move", to_rad: { swing: 12 } }"#),
        (#"{ step: "move" }"#, #"{ step: "move", to_rad: { sving: 1, swing: 'up' }, speed_rad_s: 13 }"#),
        ("accept: \"abs(position.swing) < 0.2\"", "accept: \"abs(position.swing)\""),
        // The model.
        ("start: \"speed.swing\"", "begin: \"speed.swing\""), ("start: \"speed.swing\"", "start: \"position.swing\""),
        ("start: \"speed.swing\"", "start: \"2 * speed.swing\""), ("\"theta' = omega\",", ""),
        ("theta' = omega", "thta' = omega"), ("theta' = omega", "theta' = torque"), ("/ smooth)", "/ 0.2)"),
        (#"["effort.swing = command.swing"]"#, #"["efort.swing = command.swing"]"#), ("value: 0.0038", "value: 0.038"),
        ("low: 0.001, high: 0.01", "low: 0.01, high: 0.001"), ("low: 0.001, high: 0.01, ", ""),
        (#"unit: "kg*m^2""#, #"unit: "kgm2""#), ("J: {", "sin: {"), ("J: {", "theta: {"),
        (#"integrator: "rk4""#, #"integrator: "rk45", substeps: 0"#),
        // The rest.
        ("supply_v: 5", "supply_v: 5, file: '../body.xml', metal: { swing: { backlash: 0.1, backlash_rad: 1 } }"),
        ("sd_floor: 0.1", "sd_floor: 0.9"), ("hidden: [16, 16]", "hidden: [16, 0, 1, 1, 1]"),
        ("hidden: [16, 16]", "hidden: [16, 0.5]"), ("real_episodes_low: 4", "real_episodes_low: 40"),
        ("episode_price_credits: 1", "episode_price_credits: -1"),
    ]

    @Test("each mistake is found at its place, and nothing is complained about that only follows from it")
    func table() throws {
        let pendulum = try RobotText("pendulum")
        var lines: [String] = []
        for mistake in Self.mistakes {
            let problems = try pendulum.replacing(mistake.passage, with: mistake.becomes).problems()
            #expect(!problems.isEmpty, "\(mistake)")
            lines.append("\(mistake.passage) → \(mistake.becomes.isEmpty ? "(nothing)" : mistake.becomes)\n")
            for problem in problems {
                let position = "\(problem.position.line):\(problem.position.column)"
                lines.append(
                    "  \(position) \(problem.problem)\n    expected: \(problem.expected)\n    next: \(problem.nextStep)\n"
                )
            }
        }
        #expect(Golden.difference(lines.joined(), from: "Golden/robot-mistakes.txt") == nil)
    }

    @Test("where an episode begins a sensor follows from positions, and from nothing else")
    func start() throws {
        let leg = try RobotText("leg")
        for mistake in ["height + 0.1", "speed.hip", "position.ankle", "position.hip > 0"] {
            let text = try leg.replacing(
                "0.15 * (cos(position.hip) + cos(position.hip + position.knee)) - 0.3", with: mistake)
            let problems = #expect(throws: FileProblems.self) { try text.parse() }
            #expect(problems?.all.map(\.key) == ["sensors.height.start"], "\(mistake): \(String(describing: problems))")
        }
    }

    @Test("many mistakes are found together, in the order of the file")
    func together() throws {
        let text = try RobotText("pendulum").replacing("id: 1,", with: "id: 300,")
            .replacing("= omega / 10", with: "= omga / 10").replacing("theta' = omega", with: "theta' = omega +")
            .replacing("hidden: [16, 16]", with: "hiden: [16, 16]").replacing("limit_credits", with: "limit_credit")
        let problems = try text.problems()
        #expect(
            problems.map(\.key) == [
                "joints[0].id", "task.observation[2]", "models.rod.equations[2]", "policy.hiden", "budget.limit_credit",
            ])
        #expect(problems.map(\.position) == problems.map(\.position).sorted())
    }

    @Test("an empty object lacks every required key")
    func empty() throws {
        var text = try RobotText("pendulum")
        text.text = "{}"
        let required = KeyTable.robot.rows(of: .folder).filter { $0.presence == .required }.map(\.name)
        #expect(try Set(text.problems().map(\.key)) == Set(required))
    }

    @Test("twins are found: a name, a number, a key for every joint and for one")
    func twins() throws {
        let text = try RobotText("pendulum").replacing(
            "joints: [",
            with: """
                every_joint: { gear: 2, id: 1 },
                    joints: [
                        { name: "swing", model: "xl330-m288", id: 1, drive: "effort", torque_per_ampere_nm_a: 1, gear: 3 },
                """)
        let complaints = try text.problems().map(\.complaint)
        #expect(complaints.contains { if case .sameJointName("swing", _) = $0 { true } else { false } })
        #expect(complaints.contains { if case .robot(.sameID("1", _)) = $0 { true } else { false } })
        #expect(complaints.count { if case .givenTwice = $0 { true } else { false } } == 3)
    }

    @Test("two servos may not have one number, whoever says it")
    func sameNumber() throws {
        let text = try RobotText("pendulum").replacing(
            "joints: [",
            with: """
                joints: [
                        { name: "other", model: "xl330-m288", id: 1, drive: "effort", torque_per_ampere_nm_a: 1 },
                """)
        let problems = try text.problems()
        #expect(problems.contains { $0.key == "joints[1].id" && $0.problem.contains("1 again, as in line") })
    }

    @Test("an expression's mistake has its place in the file, whatever escapes stand before it")
    func escapes() throws {
        let text = #"""
            {
              a: "\u006f\x6d + \
            b * \t$",
            }
            """#
        guard case .object(let members) = try JSON5.parse(Array(text.utf8)).content, let value = members.first?.value,
            case .text(let content) = value.content
        else {
            Issue.record("no object")
            return
        }
        #expect(content == "om + b * \t$")
        let places = content.unicodeScalars.indices.enumerated().map { value.places.position(of: $0.offset) }
        let columns = [(2, 7), (2, 13), (2, 17), (2, 18), (2, 19), (3, 1), (3, 2), (3, 3), (3, 4), (3, 5), (3, 7)]
        #expect(places == columns.map { TextPosition(line: $0.0, column: $0.1) })
        #expect(value.places.position(of: content.unicodeScalars.count) == TextPosition(line: 3, column: 8))
        #expect(members.first.flatMap { $0.value.places.position(of: 0) } == TextPosition(line: 2, column: 7))
    }

    @Test("a body without a joint of the robot, or one that does not load, is a finding at its place")
    func body() throws {
        let file = try RobotText("pendulum").parse()
        #expect(file.problems(inBody: ["hinge", "swing"]) == nil)
        let missing = try #require(file.problems(inBody: ["swung"])?.all.first)
        #expect(missing.key == "joints[0].name" && missing.problem == "'body.xml' has no joint 'swing'")
        #expect(missing.expected.hasSuffix("perhaps 'swung'") && missing.position.line > 20)
        let broken = file.problem(ofBody: "XML parse error 12")
        #expect(broken.key == "body.file" && broken.problem == "'body.xml' cannot be used: XML parse error 12")
    }

    @Test("servos that nobody makes, or that speak another language, are findings")
    func products() throws {
        let products = [
            KnownProduct(name: "xl330-m288", driver: .dynamixel), KnownProduct(name: "sts3215", driver: .feetech),
        ]
        let pendulum = try RobotText("pendulum")
        #expect(try pendulum.parse().problems(knowing: products) == nil)
        let unknown = try pendulum.replacing(#""xl330-m288""#, with: #""xl33-m288""#).parse()
        #expect(unknown.problems(knowing: products)?.all.first?.expected == #""xl330-m288"; perhaps "xl330-m288""#)
        let foreign = try pendulum.replacing(#""xl330-m288""#, with: #""sts3215""#).parse()
        let problem = try #require(foreign.problems(knowing: products)?.all.first)
        #expect(problem.problem == "'sts3215' speaks feetech, and the bus speaks dynamixel")
    }

    @Test("another envelope than the robot's is a finding for each thing that differs")
    func otherEnvelope() throws {
        let file = try RobotText("pendulum").parse()
        let reacher = try RobotText.envelope("reacher")
        let problems = #expect(throws: FileProblems.self) { try Robot(file, within: reacher) }
        let keys = problems?.all.map(\.key) ?? []
        #expect(keys == ["envelope", "period_s", "joints", "joints", "joints", "joints[0].name"])
    }
}
