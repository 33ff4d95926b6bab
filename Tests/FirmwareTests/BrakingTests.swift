import BoardFirmware
import Quantities
import Supervision
import Testing
import VirtualRobot

@testable import BoardLink

/// A board that is left alone stops each joint as quickly as the envelope promises for it, in both programs alike.
@Suite(.timeLimit(.minutes(10))) struct BrakingTests {
    /// Of the four joints, in rad/s²; the first is the leg's.
    private static let braking: [Float] = [150, 120, 90, 60]
    /// The leg's: how fast it may be told to go, how fast it may be, and its reaction.
    private static let speed: Float = 16
    private static let overspeed: Float = 24
    private static let reaction = Seconds(0.006)
    /// Below this the leg's joints rest.
    private static let rest = 0.2

    /// Joints like the leg's at their speed limit.
    private func driven(_ board: any BoardProgram, lifetime: Int32) throws -> Host {
        var host = try Host(board)
        for place in 0..<4 { (host.joints[place].mobility, host.joints[place].drag) = (250, 0.008) }
        try host.arm(Host.Limits(reach: 100, speed: Self.overspeed, braking: Self.braking))
        for _ in 0..<200 {
            host.command(.speed(RadiansPerSecond(Self.speed)), lifetime: lifetime)
            host.tick()
        }
        #expect(host.mode == .armed)
        for place in 0..<4 { #expect(abs(host.joints[place].speed - Double(Self.speed)) < 0.1) }
        return host
    }

    /// How a joint came to rest.
    private struct Stop: Equatable {
        var speed = 0.0
        var way = 0.0
        /// In how many ticks.
        var ticks = 0
    }

    /// From the moment that the silence is noticed until the outputs are off.
    private func stop(_ board: any BoardProgram) throws -> (stops: [Stop], trace: FowlerNoll) {
        var host = try driven(board, lifetime: 200)
        host.run(99)
        #expect(host.mode == .stopping)
        #expect(host.last.fault?.rawValue == Supervision.Fault.hostSilent.rawValue)
        let start = host.joints
        var stops = (0..<4).map { Stop(speed: start[$0].speed) }
        var ticks = 0
        while host.mode == .stopping, ticks < 1_000 {
            host.tick()
            ticks += 1
            for place in 0..<4 where abs(host.joints[place].speed) > Self.rest { stops[place].ticks = ticks }
        }
        #expect(host.mode == .latched && host.isOff)
        for place in 0..<4 { stops[place].way = host.joints[place].position - start[place].position }
        return (stops, host.trace)
    }

    @Test("joints at speed whose host goes silent rest within what the envelope promises for each, bit for bit alike")
    func silent() throws {
        let compiled = try stop(CompiledBoard(try Host.settings()))
        for (stop, braking) in zip(compiled.stops, Self.braking) {
            let promise = Braking(deceleration: RadiansPerSecondSquared(braking), reaction: Self.reaction)
            let way = Double(promise.distance(from: RadiansPerSecond(Float(stop.speed))).value)
            #expect(stop.way <= way, "\(stop) at \(braking) rad/s²")
            // No harder than it was told either, for which it needs no time to react.
            let least = stop.speed * stop.speed / (2 * Double(braking))
            #expect(stop.way > 0.9 * least, "\(stop) at \(braking) rad/s²")
            #expect(Float(stop.ticks) <= 1_000 * Self.overspeed / braking, "\(stop) at \(braking) rad/s²")
        }
        let image = try stop(Images.board(Images.usual))
        #expect(image.stops == compiled.stops)
        #expect(image.trace == compiled.trace)
    }

    /// The speeds sixty ticks after the last command has ended.
    private func speeds(_ board: any BoardProgram) throws -> (speeds: [Double], trace: FowlerNoll) {
        var host = try driven(board, lifetime: 5)
        host.run(64)
        #expect(host.mode == .armed)
        return ((0..<4).map { host.joints[$0].speed }, host.trace)
    }

    @Test("after the end of a command each joint slows down as its envelope says, bit for bit alike")
    func ended() throws {
        let compiled = try speeds(CompiledBoard(try Host.settings()))
        for (speed, braking) in zip(compiled.speeds, Self.braking) {
            #expect(abs(speed - Double(Self.speed - 0.06 * braking)) < 0.3, "\(speed) at \(braking) rad/s²")
        }
        let image = try speeds(Images.board(Images.usual))
        #expect(image.speeds == compiled.speeds)
        #expect(image.trace == compiled.trace)
    }

    @Test("a board refuses to brake with nothing, backwards, with no number, and harder than it can")
    func refused() throws {
        var host = try Host(Images.board(Images.usual))
        host.introduce()
        let configuration = Message.configure(try Host.configuration())
        var payload = Packet(sequence: 7, message: configuration).payload()
        // The last two bytes are the fourth joint's.
        let last = payload.count - 1
        for value: (UInt8, UInt8) in [(0, 0), (0xFF, 0xFF), (0, 0x80)] {
            (payload[last - 1], payload[last]) = value
            let frame = BoardLink.frame(around: payload)
            let before = host.last.refusedFrames
            #expect(host.send((0..<frame.count).map { frame[$0] }).isEmpty)
            #expect(host.last.refusedFrames == before + 1)
            #expect(host.mode == .unconfigured)
        }
        let hard = try Host.configuration(Host.Limits(braking: [60, 60, 60, 1_001]))
        #expect(try host.outcome(.configure(hard)) == .beyondHardware)
        #expect(host.mode == .unconfigured)
        #expect(try host.outcome(configuration) == .accepted)
    }
}
