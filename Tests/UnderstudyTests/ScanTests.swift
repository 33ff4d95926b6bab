import Foundation
import Ports
import TestSupport
import Testing
import VirtualRobot

@testable import understudy
import Simulator

private func json(_ run: Session) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
}

@Suite("Looking for servos on a virtual line")
struct ScanTests {
    @Test("servos at two rates are found, with what they say of themselves, and nothing is written to one")
    func twoRates() throws {
        let servos = try VirtualServos([.at(1), .at(4), .at(9, 57_600)])
        let run = servos.understudy("scan --port PORT --family dynamixel --baud 57600,1000000 --ids 0-12")
        #expect(run.status == 0, "\(run.errors)")
        let text = run.output.replacing(servos.path, with: "PORT")
        #expect(Golden.difference(steady(text), from: "Golden/scan-two-rates.txt") == nil)
        #expect(run.errors.contains("asking 13 numbers: dynamixel, 57600 baud; "))
        let program = try json(
            servos.understudy("scan --port PORT --family dynamixel --baud 57600,1000000 --ids 0-12 --json"))
        let found = try #require(program["servos"] as? [[String: Any]])
        #expect(found.map { $0["id"] as? Int } == [9, 1, 4])
        #expect(found.map { $0["baud"] as? Int } == [57_600, 1_000_000, 1_000_000])
        #expect(found.allSatisfy { $0["model"] as? String == "XL330-M288" && $0["is_driven"] as? Bool == false })
        #expect(servos.wire.drives.allSatisfy { $0 == .off })
    }

    @Test("without a rate the rates of new servos are asked, and the others only when nobody answers at those")
    func usualRatesFirst() throws {
        let words = "scan --port PORT --ids 1-9"
        let mixed = try VirtualServos([.at(1), .at(4, 57_600), .at(9, 9_600)])
        let some = mixed.understudy(words)
        #expect(some.output.contains("2 servos found at the rates of new servos; --baud all asks at every rate"))
        #expect(!some.errors.contains("9600 baud") && some.errors.contains("feetech, 1000000 baud"))
        let program = try json(mixed.understudy("\(words) --json"))
        #expect(program["left_rates"] as? Bool == true)
        let every = try json(mixed.understudy("\(words) --baud all --json"))
        #expect((every["servos"] as? [Any])?.count == 3 && every["left_rates"] as? Bool == false)
        let alone = try VirtualServos([.at(9, 9_600)])
        let found = alone.understudy(words)
        #expect(found.status == 0 && found.output.contains("\n1 servo found\n"), "\(found.output)\(found.errors)")
    }

    /// The heat and the causes of this machine's timing differ from run to run.
    private func steady(_ text: String) -> String {
        text.split(separator: "\n\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("note:") }
            .joined(separator: "\n\n")
    }

    @Test("two servos with one number are said to be two")
    func sharedNumber() throws {
        // What both say alike arrives intact, as on a real wire: they stand at different places.
        var other = DynamixelServo.at(5)
        other.zeroStep = 1_365
        let servos = try VirtualServos([.at(3), .at(5), other])
        let run = servos.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 2-6 --json")
        #expect(run.status == 5)
        let found = try #require(try json(run)["servos"] as? [[String: Any]])
        #expect(found.map { $0["id"] as? Int } == [3, 5])
        #expect((found[0]["causes"] as? [Any])?.isEmpty == true)
        let causes = try #require(found[1]["causes"] as? [[String: Any]])
        #expect(causes.first?["cause"] as? String == "shared-number")
        let text = servos.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 5")
        #expect(text.output.contains("number 5 is answered by more than one servo"))
    }

    @Test("an alarm is shown by its name, and fails")
    func alarm() throws {
        let servos = try VirtualServos([.at(1)], faults: "overload#1")
        let run = servos.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 1")
        #expect(run.status == 5 && run.output.contains("overload"))
        #expect(run.output.contains("servo 1 complains"))
    }

    @Test("an adapter that is pulled out ends the look, and what was found by then is shown")
    func unplugged() throws {
        let servos = try VirtualServos([.at(0)], faults: "unplug@1500ms")
        let run = servos.understudy(
            "scan --port PORT --family dynamixel --baud 1000000,57600,115200,2000000,3000000,4000000")
        #expect(run.status == 5)
        #expect(run.output.contains("XL330-M288") && run.output.contains("1 servo found before it ended"))
        #expect(run.errors.contains("is gone: the adapter was pulled out"))
    }

    @Test("a person who has seen enough ends the look, and what was found by then is shown")
    func interrupted() throws {
        let servos = try VirtualServos([.at(0)])
        var asked = 0
        let run = servos.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 0-252") { _ in
            asked += 1
            return asked > 3
        }
        #expect(run.status == 1)
        #expect(run.output.contains("1 servo found before it was stopped"))
    }

    @Test("an answer that is later than the first patience is found all the same, and its lateness is said")
    func late() throws {
        let servos = try VirtualServos([.at(2), .at(6)], faults: "late-reply:30")
        let run = servos.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 1-8 --json")
        let found = try #require(try json(run)["servos"] as? [[String: Any]])
        #expect(found.map { $0["id"] as? Int } == [2, 6])
    }

    @Test("an adapter that holds answers back, and one that repeats requests, are named")
    func adapters() throws {
        let slow = try VirtualServos([.at(1), .at(2)]) { $0.latencyTimer = .milliseconds(16) }
        let held = slow.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 1-2")
        #expect(held.status == 0 && held.output.contains("in the adapter"), "\(held.output)")
        let echoing = try VirtualServos([.at(1), .at(2)]) { $0.hasEcho = true }
        let echoed = echoing.understudy("scan --port PORT --family dynamixel --baud 1000000 --ids 1-2")
        #expect(echoed.status == 0 && echoed.output.contains("the adapter repeats what it sends"), "\(echoed.output)")
    }

    @Test("a port that is not there, or no name, is a sentence and a status")
    func ports() throws {
        let missing = Pretended().run("scan --port /dev/pts/99999")
        #expect(missing.status == .deviceFault && missing.errors.hasPrefix("error: '/dev/pts/99999' is not there\n"))
        let unstable = Pretended().run("scan --port /dev/ttyUSB0")
        #expect(unstable.status == .usage && unstable.errors.contains("whatever was plugged in first"))
    }

    @Test("both families are found on a line of one of them, each only by its own words")
    func families() throws {
        let feetech = try VirtualServos(feetech: [1, 3])
        let run = feetech.understudy("scan --port PORT --baud 1000000 --ids 1-4 --json")
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        let found = try #require(try json(run)["servos"] as? [[String: Any]])
        #expect(found.map { $0["id"] as? Int } == [1, 3])
        #expect(found.allSatisfy { $0["family"] as? String == "feetech" && $0["model"] as? String == "STS3215" })
        let dynamixel = try VirtualServos([.at(2)])
        let other = try json(dynamixel.understudy("scan --port PORT --baud 1000000 --ids 1-4 --json"))
        #expect((other["servos"] as? [[String: Any]])?.map { $0["family"] as? String } == ["dynamixel"])
    }

    @Test("moteus controllers are found and read, and nothing is set in one")
    func moteus() throws {
        let controllers = try VirtualServos(moteus: 2)
        let run = controllers.understudy("scan --port PORT --family moteus --ids 1-3 --json")
        let found = try #require(try json(run)["servos"] as? [[String: Any]], "\(run.errors)")
        #expect(found.map { $0["id"] as? Int } == [1, 2])
        #expect((found.first?["voltage"] as? [String: Any])?["unit"] as? String == "V")
        let line = "servo 1 --port PORT --family moteus"
        let mode = controllers.understudy("\(line) read mode voltage")
        #expect(mode.status == 0 && mode.output.contains("stopped"), "\(mode.output)\(mode.errors)")
        for task in ["set-id 4", "reboot", "set-baud 9600", "write mode 10", "write mode 10 --may-move"] {
            #expect(controllers.understudy("\(line) \(task)").status == 2)
        }
    }

    @Test("the doctor says of each servo what is wrong with it, with the command that mends it")
    func doctor() throws {
        var slow = DynamixelServo.at(2)
        slow.returnDelay = 250
        let servos = try VirtualServos([.at(1), slow], faults: "overload#1")
        let line = "doctor --json --state / --port PORT --family dynamixel --baud 1000000 --ids 1-2"
        let report = try json(servos.understudy(line))
        let findings = try #require(report["findings"] as? [[String: Any]])
        func finding(_ subject: String) -> [String: Any]? { findings.first { $0["subject"] as? String == subject } }
        #expect(finding("bus")?["status"] as? String == "ok")
        let first = try #require(finding("servo 1"))
        #expect(first["status"] as? String == "fail" && (first["found"] as? String)?.contains("overload") == true)
        let second = try #require(finding("servo 2"))
        let command = "understudy servo 2 --port '\(servos.path)' --family dynamixel --baud 1000000 write returnDelay 0"
        #expect(second["status"] as? String == "warn" && second["fix"] as? String == command)
        // The command is one that can be typed.
        #expect(servos.understudy(String(command.dropFirst("understudy ".count))).status == 0)
        let mended = try #require(try json(servos.understudy(line))["findings"] as? [[String: Any]])
        #expect(mended.first { $0["subject"] as? String == "servo 2" }?["status"] as? String == "ok")
        let missing = Pretended().run("doctor --port /dev/pts/99999")
        #expect(missing.status == .deviceFault && missing.output.contains("'/dev/pts/99999' is not there"))
    }

    @Test("the doctor says where the time of the answers went")
    func timing() throws {
        let servos = try VirtualServos([.at(1), .at(2)])
        let run = servos.understudy("doctor --port PORT --family dynamixel --baud 1000000 --ids 1-2")
        #expect(run.output.contains("bus timing"))
        let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(text.contains("answers at 1000000 baud, half of them within"), "\(text)")
        #expect(text.contains("on the wire") && text.contains("0 asked again, 0 damaged, 0 unexpected, 0 bytes late"))
    }

    @Test("the doctor names the place of a plug that gives way now and then", arguments: UInt8(2)...4)
    func looseWire(servo: UInt8) throws {
        // After they were found, which takes 32 ms of the bus's own time, and while they are asked again and again.
        let servos = try VirtualServos((1...4).map { .at($0) }, faults: "loose-wire#\(servo)@40ms:0.2")
        let run = servos.understudy("doctor --port PORT --family dynamixel --baud 1000000 --ids 1-4")
        let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(text.contains("reseat or replace the cable in front of servo \(servo)"), "\(text)")
        let whole = try VirtualServos((1...4).map { .at($0) })
        let well = whole.understudy("doctor --port PORT --family dynamixel --baud 1000000 --ids 1-4")
        #expect(!well.output.contains("cable"))
    }

    @Test("the doctor says that a Feetech servo does not stop by itself")
    func watchdog() throws {
        let servos = try VirtualServos(feetech: [1])
        let run = servos.understudy("doctor --port PORT --family feetech --baud 1000000 --ids 1")
        #expect(run.output.contains("does not stop by itself when its host falls silent"))
    }

    @Test("ports are listed with what keeps this user from using one, and no device is asked")
    func listing() {
        let pretended = Pretended(ports: .success([.adapter, .slowAdapter, .strangeBoard]))
        #expect(Golden.difference(pretended.run("scan").output, from: "Golden/scan-ports.txt") == nil)
        #expect(Golden.difference(pretended.run("scan --json").output, from: "Golden/scan-ports.json") == nil)
        #expect(Pretended().run("scan").output.contains("none: plug in the robot's adapter"))
        let unstable = pretended.run("scan --port /dev/ttyUSB0")
        #expect(unstable.status == .usage && unstable.errors.hasSuffix("  next: use --port usb:0403:6014:FT7W9ZLQ\n"))
        #expect(Pretended(ports: .failure(.notPermitted)).run("scan").status == .deviceFault)
    }

    @Test("nobody at home is said, with what to do")
    func nobody() throws {
        let servos = try VirtualServos([.at(1)])
        let run = servos.understudy("scan --port PORT --family dynamixel --baud 57600 --ids 1-3")
        #expect(run.status == 5 && run.output.contains("no servo answered"))
    }
}
