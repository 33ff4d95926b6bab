import Episodes
import Foundation
import Guard
import Ledger
import Quantities
import Robots
import Supervision
import Testing

@Suite("Verification before motion")
struct VerificationTests {
    private struct Impossible: Error {}
    private let now = WallInstant(milliseconds: 1_795_759_200_000)

    private func facts(calibratedDaysAgo days: Int64? = 1, needsDeadMan: Bool = false) throws -> RobotFacts {
        let file = URL(filePath: #filePath).appending(path: "../../../safety/envelopes/pendulum.json5").standardized
        let envelope = try EnvelopeFile(parsing: Array(Data(contentsOf: file)))
        guard let name = Name("pendulum") else { throw Impossible() }
        return RobotFacts(
            name: name, digest: Digest(of: "file"), joints: envelope.joints.map(\.name),
            devices: [.init(joint: "pivot", model: "xl330-m288", id: 1, firmware: "46", serial: nil)],
            envelope: envelope.envelope,
            calibration: days.map {
                .init(name: name, digest: Digest(of: "c"), at: now.advanced(by: -$0 * WallInstant.day))
            },
            task: nil, observations: 3, actions: 1, watchdog: Milliseconds(100), needsDeadMan: needsDeadMan)
    }

    private func sight(_ change: (inout SeatSight.Joint) -> Void = { _ in }) -> SeatSight {
        var joint = SeatSight.Joint(
            reading: JointReading(
                position: Radians(0), speed: RadiansPerSecond(0), effort: NewtonMetres(0), current: Amperes(0),
                temperature: Celsius(30), voltage: Volts(5), motionAge: Seconds(0.001), temperatureAge: Seconds(0.01),
                voltageAge: Seconds(0.01)),
            isOn: false, watchdog: .proven(at: now))
        change(&joint)
        var sight = SeatSight()
        sight.joints = [joint]
        return sight
    }

    private func failed(_ facts: RobotFacts, _ sight: SeatSight) -> [Check.Name] {
        Verification(facts).state(sight, now: now).failed.map(\.name)
    }

    @Test("a robot that is well passes every check, and nothing is to be done")
    func well() throws {
        let checks = Verification(try facts()).state(sight(), now: now)
        #expect(checks.allPass && checks.allSatisfy { $0.remedy.isEmpty }, "\(checks.failed)")
    }

    @Test("each thing that is wrong fails the check of its name, with a remedy")
    func wrong() throws {
        let facts = try facts()
        #expect(failed(facts, sight { $0.reading.temperature = Celsius(150) }) == [.temperatures])
        #expect(failed(facts, sight { $0.reading.temperature = Celsius(.nan) }) == [.temperatures])
        #expect(failed(facts, sight { $0.reading.voltage = Volts(3) }) == [.voltage])
        #expect(failed(facts, sight { $0.reading.motionAge = Seconds(.nan) }) == [.sensors])
        for state in [SeatSight.Watchdog.off, .armed, .absent, .tripped] {
            #expect(failed(facts, sight { $0.watchdog = state }) == [.watchdog])
        }
        #expect(failed(facts, sight { $0.watchdog = .proven(at: WallInstant(milliseconds: 0)) }) == [.watchdog])
        #expect(failed(try self.facts(needsDeadMan: true), sight()) == [.deadMan])
    }

    @Test(
        "a record holds for its days and not for one second more",
        arguments: [(nil, false), (-1, false), (0, true), (30, true), (31, false)] as [(Int64?, Bool)])
    func record(days: Int64?, holds: Bool) throws {
        let check = Verification(try facts(calibratedDaysAgo: days)).calibration(now)
        #expect(check.name == .calibration && check.passed == holds && check.remedy.isEmpty == holds)
    }

    @Test("devices are known by id, model and firmware, and strangers are named")
    func devices() throws {
        let verification = Verification(try facts())
        func failed(_ found: [SeatDevice]?) -> [Check.Name] { verification.identity(found).failed.map(\.name) }
        let good = SeatDevice(id: 1, model: "xl330-m288", firmware: "46", serial: nil)
        #expect(failed([good]).isEmpty)
        #expect(failed(nil) == [.identity])
        #expect(failed([good, good]) == [.identity])
        #expect(failed([good, SeatDevice(id: 2, model: "x", firmware: nil, serial: nil)]) == [.identity])
        #expect(failed([SeatDevice(id: 1, model: "xl330-m077", firmware: "46", serial: nil)]) == [.identity])
        #expect(failed([SeatDevice(id: 1, model: "xl330-m288", firmware: "45", serial: nil)]) == [.firmware])
        let loud = SeatDevice(id: 1, model: "xl330-m288", firmware: "46", serial: nil, complaint: "an alarm: 4")
        #expect(failed([loud]) == [.identity])
    }
}
