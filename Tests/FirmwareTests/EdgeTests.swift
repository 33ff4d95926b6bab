import BoardFirmware
import BoardLink
import Quantities
import Supervision
import Testing
import VirtualRobot

/// Measurements and clocks that are exactly at their bounds inside the image, and one number beyond them.
@Suite(.timeLimit(.minutes(10))) struct EdgeTests {
    /// Which bound; the fault that lies beyond it, and at which joint this one is brought there.
    enum Edge: CaseIterable {
        case effort, speed, position, stopping, jump

        var fault: Supervision.Fault {
            switch self {
            case .effort: .overEffort
            case .speed: .overspeed
            case .position: .positionOutside
            case .stopping: .stoppingDistance
            case .jump: .encoderJump
            }
        }

        var joint: UInt8 { self == .position || self == .stopping ? 1 : 0 }
    }

    /// The last number that is no fault.
    private func last(_ edge: Edge) throws -> Float {
        let bounds = try Host.configuration()[#require(BoardJoint(0))]
        // A controller overshoots: by a fifth before that is a fault, and a position by 0.02 rad.
        let (speed, end) = (bounds.speed.value * 1.2, bounds.position.high.value + 0.02)
        switch edge {
        case .effort: return bounds.effort.value * 1.2
        case .speed: return speed
        case .position: return end
        case .stopping:
            let way = Braking(deceleration: bounds.braking, reaction: Seconds(0.002))
                .distance(from: RadiansPerSecond(Self.approach)).value
            var last = end - way
            while last + way > end { last = last.nextDown }
            while last.nextUp + way <= end { last = last.nextUp }
            return last
        case .jump: return speed * 0.001 + 0.1
        }
    }

    private static let approach: Float = 3

    /// Brings a joint to `value` within the next tick, by something that no drive and no drag can change.
    private func bring(_ host: inout Host, to value: Double, of edge: Edge, side: Double) {
        host.joints[Int(edge.joint)].mobility = 0
        switch edge {
        // Newton metres; half of one for each ampere.
        case .effort: host.joints[0].leak = value / 0.5
        case .speed: host.joints[0].speed = value
        case .position: host.joints[1].position = value
        case .jump: host.joints[0].position = value
        case .stopping:
            host.joints[1].speed = side * Double(Self.approach)
            host.joints[1].position = value - host.joints[1].speed * 0.001
        }
    }

    @Test("exactly at a bound there is no fault, on either side; the next number beyond it is one, at its joint")
    func bounds() throws {
        let board = try Images.board(Images.usual)
        for edge in Edge.allCases {
            let last = try last(edge)
            for side in [1.0, -1] {
                var host = try Host(nearTheEnd: board, side: side)
                bring(&host, to: side * Double(last), of: edge, side: side)
                host.tick()
                #expect(host.mode == .armed && host.faults().isEmpty, "\(edge) \(side)")
                host = try Host(nearTheEnd: board, side: side)
                bring(&host, to: side * Double(last.nextUp), of: edge, side: side)
                host.tick()
                let found = host.takeReports().compactMap {
                    if case .faultReport(let found) = $0 { found } else { nil }
                }
                #expect(found.map(\.fault.rawValue) == [edge.fault.rawValue], "\(edge) \(side)")
                #expect(found.map { $0.joint?.rawValue } == [edge.joint], "\(edge) \(side)")
            }
        }
    }

    @Test("a tick exactly at its deadline is in time, however many there are; three that are any later are not")
    func deadline() throws {
        let deadline: Float = 0.002_5
        var host = try Host(nearTheEnd: Images.board(Images.usual))
        for _ in 0..<12 { host.tick(elapsed: deadline) }
        #expect(host.mode == .armed && host.faults().isEmpty)
        for _ in 0..<2 { host.tick(elapsed: deadline.nextUp) }
        #expect(host.mode == .armed && host.faults().isEmpty)
        host.tick(elapsed: deadline.nextUp)
        #expect(host.mode == .stopping && host.faults() == [Supervision.Fault.lateTicks.rawValue])
    }

    @Test("a joint exactly at the speed of rest moves, on either side; below it rests after twenty ticks, not one less")
    func rest() throws {
        let board = try Images.board(Images.usual)
        let fault = try #require(FaultNumber(Supervision.Fault.emergencyStop.rawValue))
        for side in [1.0, -1] {
            var host = try Host(nearTheEnd: board)
            host.joints[2].mobility = 0
            host.joints[2].speed = side * Double(Float(0.1))
            host.isStopPressed = true
            host.tick()
            #expect(host.mode == .latched && host.isOff)
            host.isStopPressed = false
            host.run(40)
            #expect(try host.outcome(.clear(Clear(fault: fault))) == .stillPresent)
            host.joints[2].speed = side * Double(Float(0.1).nextDown)
            host.run(19)
            #expect(try host.outcome(.clear(Clear(fault: fault))) == .stillPresent)
            host.run(1)
            #expect(try host.outcome(.clear(Clear(fault: fault))) == .accepted)
        }
    }

    @Test("nothing is armed while something is found; with outputs off only what makes the board doubtful latches it")
    func found() throws {
        var host = try Host(nearTheEnd: Images.board(Images.usual))
        #expect(try host.outcome(.disarm) == .accepted)
        host.joints[3].temperature = 71
        host.run(2)
        #expect(host.mode == .disarmed && host.faults().isEmpty)
        #expect(try host.armAgain() == .stillPresent)
        host.joints[3].temperature = 70
        host.tick()
        #expect(try host.armAgain() == .accepted)
        #expect(try host.outcome(.disarm) == .accepted)
        host.joints[3].temperature = .nan
        host.tick()
        #expect(host.mode == .latched && host.faults() == [Supervision.Fault.sensorNotFinite.rawValue])
    }

    /// How many ticks a motor bears a current beyond its own bound that is no effort beyond the joint's, and every bit.
    private func heat(
        _ board: any BoardProgram, _ current: Double, at temperature: Double = 25
    ) throws -> (ticks: Int, trace: FowlerNoll) {
        var host = try Host(board)
        host.joints[2].temperature = temperature
        host.tick()
        try host.arm(Host.Limits(current: 0.5))
        host.joints[2].mobility = 0
        host.joints[2].leak = current
        var ticks = 0
        while host.mode != .stopping, ticks < 3_000 {
            host.keep(.off, ticks: 1)
            ticks += 1
        }
        #expect(host.faults() == [Supervision.Fault.thermalForecast.rawValue])
        return (ticks, host.trace)
    }

    @Test(
        "a motor that gets more than its own bound for long is foretold hot, whichever way it flows, bit for bit alike")
    func hot() throws {
        let compiled = try heat(CompiledBoard(try Host.settings()), 7)
        // 2,352 W from 25 °C towards 11,785 °C with a time constant of 25 s: at 150 °C after 0.267 s, foretold 0.1 s before.
        #expect(compiled.ticks > 160 && compiled.ticks < 175)
        for current in [7.0, -7] {
            let image = try heat(Images.board(Images.usual), current)
            #expect(image.ticks == compiled.ticks)
            if current > 0 { #expect(image.trace == compiled.trace) }
        }
        // 192 W from 60 °C: long enough for the housing, whose sensor never falls, to count.
        let slow = try heat(CompiledBoard(try Host.settings()), 2, at: 60)
        #expect(slow.ticks > 2_200 && slow.ticks < 2_500)
        let image = try heat(Images.board(Images.usual), 2, at: 60)
        #expect(image.ticks == slow.ticks && image.trace == slow.trace)
    }

    @Test("each sensor by itself that is no number switches off at once, and such a joint is never read as resting")
    func notFinite() throws {
        let board = try Images.board(Images.usual)
        let fault = try #require(FaultNumber(Supervision.Fault.sensorNotFinite.rawValue))
        let sensors: [(name: String, place: WritableKeyPath<Host.Metal, Double>)] = [
            ("position", \.position), ("speed", \.speed), ("current", \.leak), ("voltage", \.voltage),
            ("temperature", \.temperature),
        ]
        for (name, place) in sensors {
            for value in [Double.nan, .infinity] {
                var host = try Host(nearTheEnd: board)
                let before = host.joints[3]
                host.joints[3].mobility = 0
                host.joints[3][keyPath: place] = value
                host.tick()
                #expect(host.isOff && host.faults() == [fault.rawValue], "\(name) \(value)")
                host.run(40)
                host.joints[3] = before
                host.run(19)
                #expect(try host.outcome(.clear(Clear(fault: fault))) == .stillPresent, "\(name) \(value)")
                host.run(1)
                #expect(try host.outcome(.clear(Clear(fault: fault))) == .accepted, "\(name) \(value)")
            }
        }
    }
}
