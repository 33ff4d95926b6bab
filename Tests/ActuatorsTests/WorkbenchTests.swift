import Ports
import Quantities
import Testing

@testable import Actuators

@Suite("What may be written on a workbench")
struct WriteObjectionTests {
    private func register(_ name: String) throws -> BenchRegister {
        try #require(DynamixelBench.registers(ofModel: nil).first { $0.name == name })
    }

    private func objection(
        _ name: String, _ number: Int64, isDriven: Bool? = false, mayMove: Bool = false
    ) throws -> WriteObjection? {
        try register(name).objection(to: number, isDriven: isDriven, mayMove: mayMove)
    }

    @Test("what moves a joint needs the word for it", arguments: [false, true])
    func motion(mayMove: Bool) throws {
        #expect(try objection("torqueEnable", 1, mayMove: mayMove) == (mayMove ? nil : .moves(.switchesOn)))
        for goal in ["goalPosition", "goalVelocity", "goalCurrent", "goalPWM"] {
            #expect(try objection(goal, 0, mayMove: mayMove) == (mayMove ? nil : .moves(.isGoal)))
        }
        #expect(try objection("startupConfiguration", 1, mayMove: mayMove) == (mayMove ? nil : .moves(.afterStart)))
        for gain in ["positionPGain", "busWatchdog", "profileVelocity"] {
            #expect(try objection(gain, 1, isDriven: true, mayMove: mayMove) == (mayMove ? nil : .moves(.whileDriven)))
            #expect(try objection(gain, 1, isDriven: nil, mayMove: mayMove) == (mayMove ? nil : .moves(.whileDriven)))
            #expect(try objection(gain, 1, mayMove: mayMove) == nil)
        }
    }

    @Test("a motor can always be switched off, and its light always be set", arguments: [nil, false, true] as [Bool?])
    func off(isDriven: Bool?) throws {
        #expect(try objection("torqueEnable", 0, isDriven: isDriven) == nil)
        #expect(try objection("led", 1, isDriven: isDriven) == nil)
    }

    @Test("settings wait until the motor is off, whatever is said", arguments: [nil, true] as [Bool?])
    func settings(isDriven: Bool?) throws {
        for name in ["returnDelay", "operatingMode", "startupConfiguration", "homingOffset"] {
            #expect(try objection(name, 0, isDriven: isDriven, mayMove: true) == .isDriven)
            #expect(try objection(name, 0) == nil)
        }
    }

    @Test("what nobody should write by hand is not written")
    func never() throws {
        #expect(try objection("presentPosition", 1, mayMove: true) == .readOnly)
        #expect(try objection("torqueEnable", 128, mayMove: true) == .never)
        #expect(try objection("returnDelay", 256) == .outOfRange(0...255))
        for name in ["id", "baudCode"] { #expect(try objection(name, 1, mayMove: true) == .hasItsOwnVerb) }
    }

    @Test("a servo that would drop or drive its joint is not started again")
    func reboot() {
        #expect(WriteObjection.toReboot(isDriven: false, startup: 0, mayMove: false) == nil)
        #expect(WriteObjection.toReboot(isDriven: true, startup: 0, mayMove: false) == .moves(.letsGo))
        #expect(WriteObjection.toReboot(isDriven: nil, startup: 0, mayMove: false) == .moves(.letsGo))
        #expect(WriteObjection.toReboot(isDriven: false, startup: 1, mayMove: false) == .moves(.afterStart))
        #expect(WriteObjection.toReboot(isDriven: true, startup: 1, mayMove: true) == nil)
    }
}

@Suite("The families on a workbench")
struct ServoBenchTests {
    @Test("the bytes of a step are those that the masters send")
    func bytes() throws {
        let goal = try #require(DynamixelBench.register(.torque, ofModel: nil))
        let steps = try #require(DynamixelBench.steps(.write(1, to: goal), of: 1))
        #expect(steps.map(\.bytes) == [[0xFF, 0xFF, 0xFD, 0, 1, 6, 0, 3, 64, 0, 1, 0xDB, 0x66]])
        #expect(DynamixelBench.steps(.write(1_000, to: goal), of: 1) == nil)
        #expect(DynamixelBench.steps(.reboot, of: 253) == nil)
    }

    @Test("a Feetech setting is unlocked before and locked afterwards, under the number that the servo then has")
    func locks() throws {
        let id = try #require(FeetechBench.register(.id, ofModel: nil))
        let act = BenchAct.write(9, to: id)
        let steps = try #require(FeetechBench.steps(act, of: 1))
        #expect(steps.map { $0.bytes[5] } == [55, 5] && steps.map(\.mayBeUnanswered) == [false, true])
        #expect(FeetechBench.closing(act, of: 1).map { $0.bytes.prefix(7) } == [[0xFF, 0xFF, 9, 4, 3, 55, 1]])
        let torque = try #require(FeetechBench.register(.torque, ofModel: nil))
        #expect(FeetechBench.steps(.write(0, to: torque), of: 1)?.count == 1)
        #expect(FeetechBench.closing(.write(0, to: torque), of: 1).isEmpty)
        #expect(FeetechBench.steps(.write(128, to: torque), of: 1) == nil)
    }

    @Test("a number has a meaning without a model only where all models agree")
    func meanings() throws {
        func meaning(_ name: String, _ number: Int64, _ model: UInt32?) throws -> RegisterMeaning? {
            let register = try #require(DynamixelBench.registers(ofModel: nil).first { $0.name == name })
            return DynamixelBench.meaning(of: number, in: register, model: model)
        }
        #expect(try meaning("goalCurrent", 100, nil) == nil)
        #expect(try meaning("goalCurrent", 100, 1_200) == .current(Amperes(0.1)))
        #expect(try meaning("returnDelay", 250, nil) == .time(Seconds(0.000_5)))
        #expect(try meaning("hardwareErrorStatus", 0x24, nil) == .alarms(["overheating", "overload"]))
        #expect(try meaning("busWatchdog", 255, nil) == .word("tripped"))
        #expect(try meaning("goalCurrent", 100, 9_999) == nil)
    }

    @Test("every rate that a family has can be written as a code")
    func rates() {
        #expect(DynamixelBench.rates.count == 8 && FeetechBench.rates.count == 8)
        for rate in DynamixelBench.rates { #expect(DynamixelBench.code(of: rate, model: 1_020) != nil) }
        for rate in FeetechBench.rates { #expect(FeetechBench.code(of: rate, model: 777) != nil) }
        #expect(BaudRate(4_500_000).flatMap { DynamixelBench.code(of: $0, model: 1_200) } == nil)
    }
}
