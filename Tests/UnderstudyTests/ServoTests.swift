import Actuators
import Foundation
import TestSupport
import Testing
import VirtualRobot

@testable import understudy

@Suite("One servo on a virtual line")
struct ServoTests {
    private static let servo = "servo 1 --port PORT --family dynamixel"

    @Test("registers are read by name and by address, raw and in units")
    func read() throws {
        let servos = try VirtualServos([.at(1)])
        let some = servos.understudy("\(Self.servo) read present-position 144 operatingMode TEMPERATURE_LIMIT")
        #expect(some.status == 0, "\(some.errors)")
        let text = some.output.replacing(servos.path, with: "PORT")
        #expect(Golden.difference(text, from: "Golden/servo-read.txt") == nil)
        let all = servos.understudy("\(Self.servo) --baud 1000000 read --json")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [String: Any])
        let registers = try #require(report["registers"] as? [[String: Any]])
        #expect(registers.count == DynamixelBench.registers(ofModel: 1_200).count)
        #expect(report["baud"] as? Int == 1_000_000 && report["model"] as? String == "XL330-M288")
        let wrong = servos.understudy("\(Self.servo) read presentLoad")
        #expect(wrong.status == 2 && wrong.errors.contains("has no register 'presentLoad'"))
    }

    @Test("a setting is written and read back; what the servo does not take is no success")
    func write() throws {
        let servos = try VirtualServos([.at(1)])
        let run = servos.understudy("\(Self.servo) write returnDelay 50")
        #expect(run.status == 0 && run.output.contains("returnDelay: 0 (0 µs) -> 50 (100 µs)"), "\(run.output)")
        let refused = servos.understudy("\(Self.servo) write temperatureLimit 200")
        #expect(refused.status == 5 && refused.errors.contains("servo 1 refused: dataRange (4)"), "\(refused.errors)")
        let slaves = servos.wire
        #expect(slaves.number(.returnDelay, of: 0) == 50 && slaves.number(.temperatureLimit, of: 0) == 70)
    }

    @Test("settings are kept before the first is changed, and put back")
    func restored() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let servos = try VirtualServos([.at(1)])
        let run = servos.understudy("\(Self.servo) write returnDelay 50", state: folder)
        #expect(run.status == 0 && run.output.contains("its settings are kept in \(folder)/servos/"), "\(run.output)")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/servos").first)
        let kept = "\(folder)/servos/\(name)"
        #expect(servos.understudy("\(Self.servo) write temperatureLimit 60", state: folder).status == 0)
        let back = servos.understudy("\(Self.servo) restore \(kept)", state: folder)
        #expect(
            back.status == 0 && back.output.contains("2 settings are as they were kept"), "\(back.output)\(back.errors)"
        )
        let slaves = servos.wire
        #expect(slaves.number(.returnDelay, of: 0) == 0 && slaves.number(.temperatureLimit, of: 0) == 70)
        let again = servos.understudy("\(Self.servo) restore \(kept)", state: folder)
        #expect(again.output.contains("all settings are as they were kept"), "\(again.output)")
        #expect(servos.understudy("\(Self.servo) restore \(folder)/none").status == 3)
        let text = try String(contentsOfFile: kept, encoding: .utf8)
        #expect(ServoSettings(text)?.text == text && ServoSettings(text + "x") == nil)
        #expect(servos.understudy("\(Self.servo) restore").status == 2)
    }

    @Test("nothing that can move a joint is done without the word for it")
    func motion() throws {
        let servos = try VirtualServos([.at(1)])
        for task in ["write torqueEnable 1", "write goalPosition 100", "write startupConfiguration 1"] {
            let run = servos.understudy("\(Self.servo) --baud 1000000 \(task)")
            #expect(run.status == 4 && run.errors.contains("say --may-move"), "\(task): \(run.errors)")
        }
        #expect(servos.understudy("\(Self.servo) --may-move write torqueEnable 1").status == 0)
        for task in ["write returnDelay 9", "set-id 2", "set-baud 57600", "reboot", "write positionPGain 900"] {
            let run = servos.understudy("\(Self.servo) --baud 1000000 \(task)")
            #expect(run.status == 4, "\(task): \(run.errors)")
        }
        // Even so, a motor can always be switched off.
        #expect(servos.understudy("\(Self.servo) write torqueEnable 0").status == 0)
        #expect(servos.understudy("\(Self.servo) write returnDelay 9").status == 0)
        let slaves = servos.wire
        #expect(slaves.number(.torqueEnable, of: 0) == 0 && slaves.number(.positionPGain, of: 0) == 400)
        #expect(slaves.number(.startupConfiguration, of: 0) == 0 && slaves.number(.id, of: 0) == 1)
    }

    @Test("a motor that may have been switched on by a write that failed is switched off")
    func switchedOffAgain() throws {
        let servos = try VirtualServos([.at(1)], fallingSilent: false)
        let run = servos.understudy("\(Self.servo) --baud 1000000 write torqueEnable 1 --may-move")
        #expect(run.status == 5 && run.errors.contains("its motor is off"), "\(run.errors)")
        #expect(servos.wire.servos.number(.torqueEnable, of: 0) == 0 && servos.wire.hasBeenOn)
        let lost = try VirtualServos([.at(1)], fallingSilent: true)
        let unknown = lost.understudy("\(Self.servo) --baud 1000000 write torqueEnable 1 --may-move")
        #expect(unknown.status == 5 && unknown.errors.contains("whether its motor is on is not known"))
        #expect(unknown.errors.contains("switch its supply off"), "\(unknown.errors)")
        let well = try VirtualServos([.at(1)])
        let on = well.understudy("\(Self.servo) --baud 1000000 write torqueEnable 1 --may-move")
        #expect(on.status == 0 && on.output.contains("stays on when this has ended"), "\(on.output)\(on.errors)")
    }

    @Test("a dry run shows the bytes, opens nothing and sends nothing")
    func dryRun() throws {
        let servos = try VirtualServos([.at(1)])
        let tasks = ["set-id 7", "set-baud 4000000", "reboot", "write goalPosition 2048", "write torqueEnable 0"]
        var text = ""
        for task in tasks {
            let run = servos.understudy("\(Self.servo) \(task) --dry-run")
            #expect(run.status == 0, "\(run.errors)")
            text += "$ understudy servo 1 ... \(task) --dry-run\n\(run.output)"
        }
        #expect(Golden.difference(text, from: "Golden/servo-dry-run.txt") == nil)
        #expect(servos.bus.line.bytesToSlaves == 0)
    }

    @Test("a new number is taken when it is free, and only then")
    func setID() throws {
        let servos = try VirtualServos([.at(1), .at(2)])
        let taken = servos.understudy("\(Self.servo) set-id 2")
        #expect(taken.status == 4 && taken.errors.contains("number 2 answers already"))
        let run = servos.understudy("\(Self.servo) set-id 7")
        #expect(run.status == 0 && run.output.contains("number 1 -> 7"), "\(run.errors)")
        #expect(servos.understudy("\(Self.servo) --baud 1000000 set-id 7").status == 5)
        let slaves = servos.wire
        #expect(slaves.number(.id, of: 0) == 7 && slaves.number(.id, of: 1) == 2)
    }

    @Test("a new rate is checked from the other side")
    func setRate() throws {
        let servos = try VirtualServos([.at(1, 57_600)])
        let run = servos.understudy("\(Self.servo) set-baud 1000000")
        #expect(
            run.status == 0 && run.output.contains("rate 57600 baud -> 1000000 baud; it answers there"), "\(run.errors)"
        )
        let none = servos.understudy("\(Self.servo) set-baud 4500000")
        #expect(
            none.status == 2 && none.errors.contains("no servo of this model runs at 4500000 baud"), "\(none.errors)")
        #expect(servos.wire.bitsPerSecond(of: 0) == 1_000_000)
    }

    @Test("a servo that nobody hears at its new rate is told to go back")
    func goesBack() throws {
        let servos = try VirtualServos([.at(1, 57_600)], muteAt: 1_000_000, hears: true)
        let run = servos.understudy("\(Self.servo) --baud 57600 set-baud 1000000")
        #expect(run.status == 5 && run.errors.contains("and is back at 57600 baud"), "\(run.errors)")
        #expect(servos.wire.servos.bitsPerSecond(of: 0) == 57_600)
        let lost = try VirtualServos([.at(1, 57_600)], muteAt: 1_000_000, hears: false)
        let gone = lost.understudy("\(Self.servo) --baud 57600 set-baud 1000000")
        #expect(
            gone.status == 5 && gone.errors.contains("does not answer at 1000000 baud nor at the old one"),
            "\(gone.errors)")
    }

    @Test("a servo in alarm is well after a reboot")
    func reboot() throws {
        let servos = try VirtualServos([.at(1)], faults: "overload#1+1ms")
        #expect(servos.understudy("scan --port PORT --baud 1000000 --ids 1").status == 5)
        let run = servos.understudy("\(Self.servo) --baud 1000000 reboot")
        #expect(run.status == 0 && run.output.contains("it has started again; it does not complain"), "\(run.errors)")
        #expect(servos.wire.number(.hardwareErrorStatus, of: 0) == 0)
    }

    @Test("a servo that is not there, and one that shares its number, are no successes")
    func absent() throws {
        let servos = try VirtualServos([.at(2)])
        let run = servos.understudy("\(Self.servo) --baud 1000000 read id")
        #expect(run.status == 5 && run.errors.hasPrefix("error: servo 1 does not answer\n"))
        let gone = try VirtualServos([.at(1)], faults: "unplug@60ms")
        let lost = gone.understudy("\(Self.servo) --baud 1000000 read")
        #expect(lost.status == 5 && lost.errors.hasPrefix("error: '\(gone.path)' is gone"), "\(lost.errors)")
    }

    @Test("settings of a Feetech servo are unlocked, written and locked again")
    func feetech() throws {
        let servo = "servo 1 --port PORT --family feetech --baud 1000000"
        let servos = try VirtualServos(feetech: [1, 4])
        let read = servos.understudy("\(servo) read presentVoltage modelNumber lock")
        #expect(read.status == 0 && read.output.contains("STS3215"), "\(read.errors)")
        let write = servos.understudy("\(servo) write maxTemperature 60")
        #expect(write.status == 0 && write.output.contains("-> 60 (60 °C)"), "\(write.errors)")
        #expect(servos.understudy("\(servo) write torqueEnable 128 --may-move").status == 2)
        #expect(servos.understudy("\(servo) write torqueEnable 1").status == 4)
        #expect(servos.understudy("\(servo) reboot").status == 2)
        #expect(servos.understudy("\(servo) set-id 4").status == 4)
        let number = servos.understudy("\(servo) set-id 9")
        #expect(number.status == 0 && number.output.contains("number 1 -> 9"), "\(number.errors)")
        let rate = servos.understudy("servo 9 --port PORT --family feetech --baud 1000000 set-baud 500000")
        #expect(rate.status == 0, "\(rate.errors)")
        let locked = servos.understudy(
            "servo 9 --port PORT --family feetech --baud 500000 read lock id maxTemperature")
        let rows = locked.output.split(separator: "\n").map {
            $0.split(separator: " ").prefix(3).joined(separator: " ")
        }
        #expect(rows.suffix(3) == ["55 lock 1", "5 id 9", "13 maxTemperature 60"], "\(locked.output)")
        #expect(servos.wire.bitsPerSecond(of: 0) == 500_000)
    }

    @Test("the bytes for a Feetech servo include those for its lock")
    func feetechDryRun() throws {
        let run = Pretended().run("servo 1 --port /dev/pts/9 --family feetech set-id 9 --dry-run")
        #expect(Golden.difference(run.output, from: "Golden/servo-dry-run-feetech.txt") == nil)
    }
}
