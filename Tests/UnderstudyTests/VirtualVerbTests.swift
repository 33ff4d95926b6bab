import Actuators
import Embodiment
import Foundation
import Ports
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

@Suite("Pretending to be a bus") struct VirtualVerbTests {
    @Test("a list of products becomes servos along the wire, at the rate that is usual for them")
    func servos() throws {
        let verb = try Verb.parse(["virtual", "--servos", "XL330-M288:2-3,xm430-w350:7"])
        let expected = VirtualBusOptions(
            servos: [
                VirtualServo(product: .dynamixel(.xl330M288), id: 2),
                VirtualServo(product: .dynamixel(.xl330M288), id: 3),
                VirtualServo(product: .dynamixel(.xm430W350), id: 7),
            ], rate: try #require(BaudRate(1_000_000)), faults: FaultPlan([], seed: 1), run: VirtualRun(speed: 1))
        #expect(verb == .virtual(.bus(expected)))
    }

    static let wrong = [
        "", "--servos", "--servos xl330-m288", "--servos xl330-m288:", "--servos xl330-m288:3-1",
        "--servos xl330-m288:253", "--servos moteus:0", "--servos nothing:1", "--servos sts3215:1,xl330-m288:2",
        "--servos sts3215:1,sts3215:1", "--servos sts3215:1-40", "--servos sts3215:1 --seed -1",
        "--servos sts3215:1 --faults pakket-loss", "--servos sts3215:1 --faults echo:1",
        "--servos sts3215:1 --faults echo@soon", "--servos sts3215:1 --json", "--servos sts3215:1 leg", "leg arm",
        "leg --baud 9600",
        "--servos sts3215:1 --robots a",
        "--servos sts3215:1 --speed 0", "--servos sts3215:1 --speed fast", "--servos sts3215:1 --speed max",
        "--servos sts3215:1 --link a --lockstep b", "--servos sts3215:1 --spread 0.6", "leg --spread 4",
        "--servos sts3215:1 --fault echo --fault jump", "--servos sts3215:1-2 --fault stuck-joint#3",
        "--servos sts3215:1 --view --view", "--servos sts3215:1 --record",
    ]

    @Test("how it runs is understood: where, how fast, what goes wrong, what is kept")
    func options() throws {
        let words = "virtual --servos sts3215:1-2 --lockstep s --spread 0.1 --seed 7 --record r --control c --view"
        let faults = ["--fault", "echo@1s", "--faults=stuck-joint#2,unplug@2s", "--fault=e-stop@3s"]
        guard case .virtual(.bus(let options)) = try Verb.parse(words.split(separator: " ").map(String.init) + faults)
        else { throw VirtualProcessTrouble.otherVerb }
        let run = VirtualRun(lockstep: "s", speed: nil, spread: 0.1, record: "r", control: "c", hasView: true)
        #expect(options.run == run)
        #expect(options.faults == (try FaultPlan(parsing: "stuck-joint#2,unplug@2s,echo@1s,e-stop@3s", seed: 7)))
        for (speed, expected) in [("4", 4.0), ("0.5", 0.5), ("max", nil)] as [(String, Double?)] {
            let line = ["virtual", "--servos", "sts3215:1", "--lockstep", "s", "--speed", speed]
            guard case .virtual(.bus(let options)) = try Verb.parse(line) else { throw VirtualProcessTrouble.otherVerb }
            #expect(options.run.speed == expected)
        }
    }

    @Test("the help says all of it")
    func help() {
        let text = Pretended().run("virtual --help").output
        #expect(Golden.difference(text, from: "Golden/help-virtual.txt") == nil)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("what makes no bus is refused with what was expected")
    func refused() {
        let pretended = Pretended()
        let texts = Self.wrong.map { words in
            let run = pretended.run("virtual \(words)")
            return "$ understudy virtual \(words)\n\(run.errors)"
        }
        #expect(Golden.difference(texts.joined(separator: "\n"), from: "Golden/virtual-errors.txt") == nil)
        #expect(Self.wrong.allSatisfy { pretended.run("virtual \($0)").status == .usage })
    }

    @Test("the list of faults has every one of them, for people and for programs")
    func faults() throws {
        let run = Pretended().run("virtual --list-faults")
        #expect(Golden.difference(run.output, from: "Golden/virtual-faults.txt") == nil)
        let json = Pretended().run("virtual --list-faults --json").output
        let list = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(list.compactMap { $0["name"] as? String } == FaultName.allCases.map(\.rawValue))
        #expect(try #require(VerbName(rawValue: "virtual")) == .virtual)
    }

    @Test(
        "the port that it names is one on which its servos answer, until it is ended",
        arguments: [
            ("xl330-m288:1-3", "dynamixel", "XL330-M288"), ("sts3215:1-3", "feetech", "STS3215"),
            ("moteus:1-3", "moteus", "moteus"),
        ])
    func process(servos: String, family: String, name: String) throws {
        let script = """
            exec 3< <(./understudy virtual --servos \(servos) --link "$PWD/virtual-$$" 2>&1)
            bus=$!
            read -r port <&3
            ./understudy scan --port "$port" --family \(family) --baud 1000000 --ids 1-3 --patience 60000
            status=$?
            kill -INT $bus
            wait $bus
            echo "ended with $?"
            cat <&3
            ls virtual-$$ 2>/dev/null && echo "something is left"
            exit $status
            """
        let run = try ProcessRun.shell(script)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.components(separatedBy: name).count - 1 >= 3, "\(run.output)")
        #expect(run.output.contains("ended with 0"))
        #expect(run.output.contains("answers, 0 bytes that nobody took"))
        #expect(!run.output.contains("something is left"))
    }
}
