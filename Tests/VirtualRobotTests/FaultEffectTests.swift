import Actuators
import Quantities
import Testing

@testable import VirtualRobot
import Simulator

@Suite("each fault by its name")
struct FaultEffectTests {
    private func ping(_ bus: inout DynamixelBus, id servo: UInt8 = 1, within: Double = 10) throws -> [Delivery] {
        bus.ask(try packet { try $0.ping(.one(id(servo))) }, within: within)
    }

    private static let honest = bytes("FF FF FD 00 01 07 00 55 00 B0 04 35 6B 4E").dropLast(2)

    /// The compiler asks for a test of every new name.
    @Test("does what it says, and not before its time", arguments: FaultName.allCases)
    func effects(name: FaultName) throws {
        switch name {
        case .packetLoss: try silences("packet-loss@20ms+20ms")
        case .busShort: try silences("bus-short@20ms+20ms")
        case .unplug: try silences("unplug@20ms+20ms")
        case .looseWire: try silences("loose-wire#1@20ms+20ms")
        case .boardHang: try silences("board-hang#1@20ms+20ms")
        case .bitFlips, .truncation, .duplicate, .echo, .wrongIdentity, .lateReply, .adapterLatency:
            try disturbs(name)
        case .commandDelay: try commandDelay()
        case .servoReboot: try servoReboot()
        case .overload: try overload()
        case .overheating: try overheating()
        case .encoderJump: try encoderJump()
        case .stuckJoint, .slippingGear: try stands(name)
        case .stickyJoint: try stickyJoint()
        case .hand: try hand()
        case .reversedJoint: try reversedJoint()
        case .swappedIdentities: try swappedIdentities()
        case .voltageSag: try voltageSag()
        case .emergencyStop: try emergencyStop()
        case .deadManReleased: try deadMan()
        }
    }

    private func silences(_ fault: String) throws {
        var bus = try bench(faults: fault)
        #expect(try ping(&bus).count == 1, "before \(fault)")
        _ = bus.listen(15)
        #expect(try ping(&bus).isEmpty, "during \(fault)")
        _ = bus.listen(20)
        #expect(try ping(&bus).count == 1, "after \(fault)")
    }

    private func disturbs(_ name: FaultName) throws {
        var bus = try bench(count: 2, faults: "\(name.rawValue)@30ms+1s")
        let before = try ping(&bus, within: 40)
        #expect(before.first?.bytes.count == 14)
        #expect(before.first?.bytes.dropLast(2) == Self.honest)
        let honest = before.flatMap(\.bytes)
        let asked = bus.now
        let after = try ping(&bus, within: 60)
        let sent = after.flatMap(\.bytes)
        switch name {
        case .bitFlips:
            // Both directions suffer: what arrives here may also be a refusal of what arrived there.
            #expect(sent != honest)
        case .truncation: #expect(sent.count < 14)
        case .duplicate: #expect(sent == honest + honest)
        case .echo: #expect(sent == (try packet { try $0.ping(.one(id(1))) }) + honest)
        case .wrongIdentity: #expect(answers(in: after).map(\.id) == [2])
        case .lateReply: #expect(try #require(after.first).instant - asked == 20_240_000)
        default:
            #expect(sent == honest)
            #expect(try #require(after.first).instant.nanoseconds % (16 * millisecond) == 0)
        }
    }

    @Test("a flipped bit is one flipped bit")
    func oneBit() throws {
        var generator = SplitMix64(seed: 3)
        var troubles = LineTroubles()
        troubles.flip = 1
        for _ in 0..<100 {
            let damaged = try #require(troubles.damaged([1, 2, 3, 4], using: &generator))
            #expect(zip(damaged, [1, 2, 3, 4]).map { ($0 ^ $1).nonzeroBitCount }.reduce(0, +) == 1)
        }
    }

    @Test("a short can also make noise")
    func noise() throws {
        var bus = try bench(faults: "bus-short:1")
        #expect(try ping(&bus).isEmpty)
        var generator = SplitMix64(seed: 3)
        var troubles = LineTroubles()
        troubles.short = 1
        let damaged = try #require(troubles.damaged([1, 2, 3, 4], using: &generator))
        #expect(damaged.count == 4)
        #expect(zip(damaged, [1, 2, 3, 4]).allSatisfy { $0 != $1 })
    }

    @Test("a loose wire cuts off what lies behind it and nothing before it")
    func looseWire() throws {
        var bus = try bench(count: 3, faults: "loose-wire#2")
        #expect(try bus.ask { try $0.ping(.everyone) }.map(\.id) == [1])
    }

    private func servoReboot() throws {
        var bus = try bench(count: 2, faults: "servo-reboot#1@20ms+10ms")
        #expect(try bus.write(.led, 1) == nil)
        _ = bus.listen(22)
        #expect(try ping(&bus).isEmpty)
        #expect(try ping(&bus, id: 2).count == 1)
        // The supply is back, and the program not yet.
        _ = bus.listen(100)
        #expect(try ping(&bus).isEmpty)
        _ = bus.listen(300)
        #expect(try bus.read(.led) == 0)
        #expect(try bus.read(.realtimeTick) < 200)
    }

    /// It answers at once, and its register shows the goal; what it does comes late, and at once when the fault is over.
    private func commandDelay() throws {
        func ways(_ faults: String) throws -> [Radians] {
            var bus = try bench(faults: faults)
            #expect(try bus.write(.torqueEnable, 1) == nil)
            _ = bus.listen(40)
            #expect(try bus.write(.goalPosition, 2_500) == nil)
            #expect(try bus.read(.goalPosition) == 2_500)
            return (0..<60).map { _ in
                _ = bus.listen(1)
                return bus.body.state(of: 0).position
            }
        }
        let prompt = try ways("")
        let late = try ways("command-delay#1@20ms")
        #expect(late.prefix(16).allSatisfy { $0 == .zero } && prompt[16] > Radians(0.01))
        #expect(Array(late.dropFirst(20)) == Array(prompt.prefix(40)))
        #expect(try ways("command-delay#1@20ms:35").dropFirst(35) == prompt.prefix(25))
        #expect(try ways("command-delay#1:0") == prompt && ways("command-delay#1@20ms+10ms") == prompt)
        let mended = try ways("command-delay#1@20ms+40ms:250")
        #expect(mended.prefix(10).allSatisfy { $0 == .zero } && mended[40] > Radians(0.01))
    }

    private func overload() throws {
        var bus = try bench(faults: "overload#1@20ms")
        #expect(try bus.write(.torqueEnable, 1) == nil)
        _ = bus.listen(30)
        let said = try bus.ask { try $0.ping(.one(id(1))) }
        #expect(said.first?.error.hasAlert == true)
        #expect(try bus.read(.hardwareErrorStatus) == 0x20)
        #expect(try bus.read(.torqueEnable) == 0)
    }

    private func overheating() throws {
        var bus = try bench(faults: "overheating#1@20ms:71")
        #expect(try bus.read(.presentTemperature) == 25)
        _ = bus.listen(30)
        #expect(try bus.read(.presentTemperature) == 71)
        #expect(try bus.read(.hardwareErrorStatus) == 0x04)
    }

    private func encoderJump() throws {
        var bus = try bench(faults: "encoder-jump#1@20ms:0.1")
        #expect(try bus.read(.presentPosition) == 2_048)
        _ = bus.listen(30)
        #expect(try bus.read(.presentPosition) == 2_048 + 65)
        #expect(bus.body.state(of: 0).position == .zero)
    }

    private func stands(_ name: FaultName) throws {
        var bus = try bench(count: 2, faults: "\(name.rawValue)#1")
        for servo in UInt8(1)...2 {
            #expect(try bus.write(.torqueEnable, 1, id: servo) == nil)
            #expect(try bus.write(.goalPosition, 2_500, id: servo) == nil)
        }
        _ = bus.listen(800)
        #expect(bus.body.state(of: 0).position == .zero)
        #expect(bus.body.state(of: 1).position > Radians(0.5))
        let pulls = bus.body.state(of: 0).current > Amperes(1)
        #expect(pulls == (name == .stuckJoint))
    }

    /// It is kept there, or at least for longer; elsewhere nothing is different.
    private func stickyJoint() throws {
        func arrival(_ faults: String) throws -> Int {
            var bus = try bench(faults: faults)
            #expect(try bus.write(.torqueEnable, 1) == nil)
            #expect(try bus.write(.goalPosition, 3_000) == nil)
            return (0..<800).first { _ in
                _ = bus.listen(1)
                return bus.body.state(of: 0).position > Radians(0.5)
            } ?? .max
        }
        let free = try arrival("")
        #expect(free < .max)
        #expect(try arrival("sticky-joint#1:0.3") > free && arrival("sticky-joint#1:2") == free)
    }

    /// A motor that is off is turned so fast, either way, and rests as soon as the hand lets go.
    private func hand() throws {
        var bus = try bench(count: 2, faults: "hand#1@20ms:0.8,hand#2@20ms+200ms:-0.5")
        _ = bus.listen(15)
        #expect(bus.body.state(of: 0).position == .zero)
        _ = bus.listen(300)
        let (first, second) = (bus.body.state(of: 0), bus.body.state(of: 1))
        // Behind by what friction takes.
        #expect((first.speed - RadiansPerSecond(0.7)).magnitude < RadiansPerSecond(0.1), "\(first)")
        #expect(second.position < Radians(-0.05) && second.speed == .zero, "\(second)")
    }

    private func reversedJoint() throws {
        var bus = try bench(faults: "reversed-joint#1")
        #expect(try bus.write(.torqueEnable, 1) == nil)
        #expect(try bus.write(.goalPosition, 2_500) == nil)
        _ = bus.listen(800)
        #expect(abs(try bus.read(.presentPosition) - 2_500) < 60)
        #expect(bus.body.state(of: 0).position < Radians(-0.5))
    }

    private func swappedIdentities() throws {
        var bus = try bench(count: 3, faults: "swapped-ids#2")
        #expect(try bus.write(.torqueEnable, 1, id: 2) == nil)
        #expect(try bus.write(.goalPosition, 2_500, id: 2) == nil)
        _ = bus.listen(800)
        #expect((0..<3).map { bus.body.state(of: $0).position > Radians(0.5) } == [false, false, true])
        #expect(abs(try bus.read(.presentPosition, id: 2) - 2_500) < 60)
    }

    private func voltageSag() throws {
        var bus = try bench(faults: "voltage-sag@20ms+20ms:1.8")
        #expect(try bus.read(.presentInputVoltage) == 50)
        _ = bus.listen(25)
        #expect(try bus.read(.presentInputVoltage) == 32)
        #expect(try bus.read(.hardwareErrorStatus) == 1)
        _ = bus.listen(20)
        #expect(try bus.read(.presentInputVoltage) == 50)
        // What was detected stays until a reboot.
        #expect(try bus.read(.hardwareErrorStatus) == 1)
    }

    /// A relay in the supply: the servo is as good as gone, and boots when the stop is released.
    private func emergencyStop() throws {
        var bus = try bench(count: 2, faults: "e-stop@20ms+30ms")
        #expect(try bus.write(.torqueEnable, 1) == nil)
        #expect(!bus.isEmergencyStopped)
        _ = bus.listen(20)
        #expect(bus.isEmergencyStopped)
        #expect(bus.wire.drives == [.off, .off])
        #expect(try ping(&bus).isEmpty)
        _ = bus.listen(400)
        #expect(!bus.isEmergencyStopped)
        #expect(try bus.read(.torqueEnable) == 0)
        #expect(try ping(&bus, id: 2).count == 1)
    }

    /// It is no business of the line; who reads it stops the robot.
    private func deadMan() throws {
        var bus = try bench(faults: "dead-man@20ms+20ms")
        #expect(bus.isDeadManHeld)
        _ = bus.listen(25)
        #expect(!bus.isDeadManHeld)
        #expect(try ping(&bus).count == 1)
        _ = bus.listen(20)
        #expect(bus.isDeadManHeld)
    }
}
