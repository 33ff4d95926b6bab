import Actuators
import BoardLink
import Ports
import Quantities
import Simulator
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

@Suite("The doctor at a robot")
struct RobotDoctorTests {
    /// The shipped robots and a pedal that is held, with one robot's file changed.
    private func pretended(_ robot: String = "reacher", _ changes: [(String, String)] = []) throws -> Pretended {
        var pretended = try Pretended.shipped()
        let path = "Calibration/\(robot)/robot.json5"
        var text = try #require(pretended.files[path])
        for (old, new) in changes {
            try #require(text.contains(old))
            text = text.replacing(old, with: new)
        }
        pretended.files[path] = text
        pretended.deadMan = .success(DeadManFacts(name: "pedal", repeatsReports: true, state: .held))
        return pretended
    }

    /// An elbow of another model than the other two.
    private static let ofTwoModels = [
        ("model: \"sts3215-12v\",", ""), ("{ name: \"base\",", "{ name: \"base\", model: \"sts3215-12v\","),
        ("{ name: \"shoulder\",", "{ name: \"shoulder\", model: \"sts3215-12v\","),
        ("{ name: \"elbow\",", "{ name: \"elbow\", model: \"sts3250\","),
    ]

    private static let pedal = "--dead-man usb:1209:0002@1.2"

    /// The text on one line, as folding has no meaning.
    private func flat(_ session: Session) -> String {
        session.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    }

    /// The command of the finding that begins with these words.
    private func fix(_ session: Session, of subject: String) throws -> String {
        let block = try #require(session.output.components("\n\n").first { $0.contains(subject) })
        let line = try #require(block.split(separator: "\n").last)
        return try #require(line.components("fix  ").last).components("   #")[0]
    }

    @Test("a robot that is as its folder says is said to be")
    func well() throws {
        let servos = try VirtualServos([.at(1)])
        let pretended = try pretended("pendulum")
        let run = servos.understudy("doctor pendulum --port PORT \(Self.pedal)", in: pretended)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(Golden.difference(run.output, from: "Golden/doctor-robot.txt") == nil)
        let programs = servos.understudy("doctor pendulum --json --port PORT \(Self.pedal)", in: pretended)
        #expect(programs.status == 0)
        #expect(Golden.difference(programs.output, from: "Golden/doctor-robot.json") == nil)
    }

    @Test("everything that differs is listed at once, expected and found, each with its command")
    func differing() throws {
        let pretended = try pretended("reacher", Self.ofTwoModels)
        // The shoulder turns for ever, the elbow is another model, the base has the number of a stranger.
        let servos = try VirtualServos(feetech: [(7, .sts3215), (2, .sts3215), (3, .sts3215)])
        let write = "servo 2 --port PORT --family feetech --baud 1000000 write"
        #expect(servos.understudy("\(write) mode 1").status == 0)
        let run = servos.understudy("doctor reacher --port PORT", in: pretended)
        #expect(run.status == 5)
        #expect(Golden.difference(run.output, from: "Golden/doctor-robot-differing.txt") == nil)
    }

    @Test("what the doctor says mends it does")
    func mended() throws {
        let pretended = try pretended()
        let servos = try VirtualServos(feetech: [(7, .sts3215), (2, .sts3215), (3, .sts3215)])
        let mode = "servo 2 --port PORT --family feetech --baud 1000000 write mode 1"
        #expect(servos.understudy(mode).status == 0)
        let line = "doctor reacher --port PORT \(Self.pedal)"
        let ill = servos.understudy(line, in: pretended)
        #expect(ill.status == 5)
        for subject in ["joint base", "joint shoulder"] {
            let command = try fix(ill, of: subject)
            let run = servos.understudy(String(command.dropFirst("understudy ".count)))
            #expect(run.status == 0, "\(command): \(run.output)\(run.errors)")
        }
        let well = servos.understudy(line, in: pretended)
        #expect(well.status == 0, "\(well.output)")
    }

    @Test("two joints in each other's place are one mistake")
    func swapped() throws {
        let pretended = try pretended("reacher", Self.ofTwoModels)
        let servos = try VirtualServos(feetech: [(1, .sts3215), (2, .sts3250), (3, .sts3215)])
        let text = flat(servos.understudy("doctor reacher --port PORT", in: pretended))
        #expect(text.contains("it and joint elbow (servo 3) stand in each other's place"), "\(text)")
        #expect(text.contains("it and joint shoulder (servo 2) stand in each other's place"))
    }

    @Test("nothing is driven, and nothing is written")
    func untouched() throws {
        let servos = try VirtualServos([.at(1)])
        let before = (servos.wire.number(.goalPosition, of: 0), servos.bus.body.state(of: 0).position)
        _ = servos.understudy("doctor pendulum --port PORT", in: try pretended("pendulum"))
        #expect(servos.wire.number(.torqueEnable, of: 0) == 0 && servos.wire.number(.busWatchdog, of: 0) == 0)
        #expect(servos.wire.number(.goalPosition, of: 0) == before.0)
        #expect(servos.bus.body.state(of: 0).position == before.1)
    }

    @Test("a joint that is too hot or wrongly fed is not well")
    func health() throws {
        let hot = try VirtualServos([.at(1)], faults: "overheating#1:65")
        let warm = hot.understudy("doctor pendulum --port PORT", in: try pretended("pendulum"))
        #expect(flat(warm).contains("it is 65 °C warm, and switches itself off at 70 °C"), "\(warm.output)")
        #expect(warm.status == 0)
        let strong = try VirtualServos(feetech: [(1, .sts3215), (2, .sts3215), (3, .sts3215)], supply: .sevenVolts)
        let fed = strong.understudy("doctor reacher --port PORT", in: try pretended())
        #expect(fed.status == 5 && flat(fed).contains("it is fed with 12 V, and made for"), "\(fed.output)")
    }

    @Test("a servo whose program has no watchdog fails, and different programs warn")
    func firmware() throws {
        var old = DynamixelServo.at(1)
        old.firmware = Dynamixel.Firmware(37)
        let run = try VirtualServos([old]).understudy("doctor pendulum --port PORT", in: try pretended("pendulum"))
        #expect(run.status == 5 && flat(run).contains("its firmware 37 has no bus watchdog"), "\(run.output)")
        let mixed = try VirtualServos(feetech: [(1, .sts3215), (2, .sts3215), (3, .sts3215)], odd: 2)
        let said = flat(mixed.understudy("doctor reacher --port PORT", in: try pretended()))
        #expect(said.contains("different versions: base runs 3.10, shoulder runs 3.9, elbow runs 3.10"), "\(said)")
    }

    @Test("a current is asked only of a model that measures its own")
    func drive() throws {
        let pretended = try pretended("pendulum", [("model: \"xl330-m288\"", "model: \"xl430-w250\"")])
        let servos = try VirtualServos([.at(1, 1_000_000, .xl430W250)])
        let run = servos.understudy("doctor pendulum --port PORT", in: pretended)
        #expect(run.status == 5 && flat(run).contains("XL430-W250 cannot follow a current"), "\(run.output)")
    }

    @Test("Feetech servos are said to have no bus watchdog, once")
    func noWatchdog() throws {
        let servos = try VirtualServos(feetech: [(1, .sts3215), (2, .sts3215), (3, .sts3215)])
        let text = flat(servos.understudy("doctor reacher --port PORT", in: try pretended()))
        #expect(text.components("Feetech servos have no bus watchdog").count == 2, "\(text)")
        #expect(text.components("falls silent").count == 2)
    }

    @Test("files that are wrong are told in full, and no device is asked")
    func invalid() throws {
        let pretended = try pretended("reacher", [("id: 1,", "id: 300,"), ("baud:", "bawd:")])
        let servos = try VirtualServos(feetech: [(1, .sts3215)])
        let before = servos.line.now
        let run = servos.understudy("doctor reacher --port PORT", in: pretended)
        let text = flat(run)
        #expect(run.status == 3 && text.contains("2 problems") && text.contains("'bus.bawd'"), "\(text)")
        #expect(text.contains("its devices were not asked") && servos.line.now == before)
        let unknown = pretended.run("doctor reecher")
        #expect(unknown.status == .invalidConfiguration && unknown.output.contains("did you mean 'reacher'?"))
    }

    @Test("a robot without a port, with one that is not there, and with one that is no name")
    func ports() throws {
        let nameless = try pretended().run("doctor reacher")
        #expect(nameless.status == .deviceFault && nameless.output.contains("understudy doctor 'reacher' --port PORT"))
        for (port, status, words) in [
            ("/dev/pts/99999", ExitStatus.deviceFault, "is not there"), ("elsewhere", .invalidConfiguration, "no port"),
            ("/dev/ttyUSB0", .deviceFault, "whatever was plugged in first"),
            ("usb:0403:6014:X", .deviceFault, "is not plugged in"),
        ] {
            let line = "driver: \"feetech\",\nport: \"\(port)\","
            let run = try pretended("reacher", [("driver: \"feetech\",", line)]).run("doctor reacher")
            let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            #expect(run.status == status && text.contains(words), "\(text)")
        }
    }

    @Test("the robot's own port is judged: who may use it, who has it, how long it keeps answers")
    func port() throws {
        var facts = PortFacts.slowAdapter
        facts.mayUse = false
        let address = try DeviceAddress(try #require(facts.identity))
        let surroundings = Pretended(ports: .success([.adapter, facts])).surroundings
        let findings = PortCheck(address).findings(in: surroundings)
        #expect(findings.map(\.status) == [.fail, .fail, .warn])
        let fixes = ["sudo usermod --append --groups dialout ada", "end that program", "echo 1 | sudo tee"]
        for (finding, fix) in zip(findings, fixes) { #expect(finding.fix?.hasPrefix(fix) == true, "\(finding)") }
        let alias = try DeviceAddress(try #require(PortFacts.adapter.aliases.first))
        #expect(PortCheck(alias).findings(in: surroundings).map(\.status) == [.ok])
        #expect(
            PortCheck(alias).findings(in: Pretended(ports: .failure(.missing)).surroundings).map(\.status) == [.warn])
    }

    @Test("a robot without a dead-man switch is told of it")
    func deadMan() throws {
        let servos = try VirtualServos([.at(1)])
        let run = servos.understudy("doctor pendulum --port PORT", in: try pretended("pendulum"))
        #expect(run.status == 0 && flat(run).contains("warn dead-man switch none was named"))
        #expect(servos.understudy("doctor pendulum --strict --port PORT", in: try pretended("pendulum")).status == 5)
    }

    @Test("a moteus robot answers for its joints as well")
    func moteus() throws {
        let pretended = try pretended(
            "pendulum",
            [
                ("driver: \"dynamixel\"", "driver: \"moteus\""), ("baud: 1000000,", ""),
                ("model: \"xl330-m288\"", "model: \"moteus\""), ("torque_per_ampere_nm_a: 0.366,", ""),
                ("current_limit_a: 1,", ""),
            ])
        let servos = try VirtualServos(moteus: 2)
        let run = servos.understudy("doctor pendulum --port PORT \(Self.pedal)", in: pretended)
        #expect(run.status == 0, "\(run.output)")
        #expect(flat(run).contains("moteus answers, and belongs to no joint of the robot"), "\(run.output)")
    }

    @Test("a board is asked who it is, and held against the joints")
    func board() throws {
        func run(_ change: (inout BoardHardware) -> Void = { _ in }) throws -> Session {
            var hardware = BoardHardware(joints: .two, torqueConstant: NewtonMetresPerAmpere(0.15))
            change(&hardware)
            return try VirtualServos(hardware).understudy(
                "doctor leg --port PORT \(Self.pedal)", in: try pretended("leg"))
        }
        let well = try run()
        #expect(
            well.status == 0 && flat(well).contains("it is for 2 joints, fed with 24 V, and at rest"), "\(well.output)")
        let other = try run { $0.joints = .one }
        #expect(other.status == 5 && flat(other).contains("expected a board for 2 joints, found one for 1"))
        let foreign = try run { $0.layout = LinkLayout(protocolVersion: 200, hash: 0) }
        #expect(foreign.status == 5 && flat(foreign).contains("version 200 of the protocol"), "\(foreign.output)")
        let silent = try VirtualServos([.at(1)]).understudy("doctor leg --port PORT", in: try pretended("leg"))
        #expect(silent.status == 5 && flat(silent).contains("found nothing that answers"), "\(silent.output)")
    }
}

extension StringProtocol {
    /// The pieces between a separator of any length.
    fileprivate func components(_ separator: String) -> [String] {
        var pieces: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: separator) {
            pieces.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return pieces + [String(rest)]
    }
}
