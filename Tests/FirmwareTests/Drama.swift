import BoardLink
import Quantities
import VirtualRobot

/// A long life of a board, out of a seed: armed and driven in every way, bounds tried, lines damaged, hosts silent, motors
/// hot, stops pressed; and each time somebody clears it and goes on.
struct Drama {
    private var chance: Chance
    private var pause = 0
    private var trouble: Int?

    init(seed: UInt64) { chance = Chance(seed: seed) }

    /// What happens before one tick.
    mutating func act(on host: inout Host) throws {
        mend(&host)
        if pause > 0 {
            pause -= 1
            return
        }
        switch host.mode {
        case .unconfigured:
            host.introduce()
            host.send(.configure(try Host.configuration(silence: 60)))
        case .disarmed:
            if below(400) == 0 { host.holdJoints() }
            if below(20) == 0 { _ = try host.armAgain() }
        case .armed: drive(&host)
        case .stopping: break
        case .latched:
            if below(100) == 0 { host.holdJoints() }
            if below(40) == 0, let fault = host.last.fault { host.send(.clear(Clear(fault: fault))) }
        }
    }

    private mutating func below(_ count: UInt64) -> UInt64 { chance.next() % count }

    private mutating func drive(_ host: inout Host) {
        switch below(4_000) {
        case 0: pause = 200
        case 1: host.send(.disarm)
        case 2: begin(30, &host) { $0.isStopPressed = true }
        case 3: begin(60, &host) { $0.joints[2].temperature = 75 }
        case 4: begin(20, &host) { $0.joints[1].voltage = 30 }
        case 5: begin(20, &host) { $0.joints[0].voltage = 17 }
        case 6: host.joints[3].position += 0.3
        case 7: host.joints[2].speed = 8
        case 8...12: host.send(.askTime(AskTime(stamp: HostStamp(DoubleWord(chance.next())))))
        default:
            guard below(8) == 0 else { return }
            command(&host)
        }
    }

    private mutating func begin(_ ticks: Int, _ host: inout Host, _ change: (inout Host) -> Void) {
        trouble = host.ticks + ticks
        change(&host)
    }

    private mutating func mend(_ host: inout Host) {
        guard let end = trouble, host.ticks >= end else { return }
        trouble = nil
        host.isStopPressed = false
        for place in 0..<4 { (host.joints[place].temperature, host.joints[place].voltage) = (25, 24) }
    }

    private mutating func command(_ host: inout Host) {
        var command = Command(lifetime: Ticks(Int32(1 + below(40))), joints: .four)
        for number in UInt8(0)..<4 {
            let share = Float(below(2_001)) / 1_000 - 1
            guard let joint = BoardJoint(number) else { continue }
            switch below(8) {
            case 0: command.set(joint, to: .off)
            case 1...4: command.set(joint, to: .position(Radians(share * 2.2)))
            case 5, 6: command.set(joint, to: .speed(RadiansPerSecond(share * 7)))
            default: command.set(joint, to: .effort(NewtonMetres(share * 4)))
            }
        }
        var frame = host.frame(.command(command))
        // One bit in a thousand is wrong.
        for place in frame.indices {
            for bit in UInt8(0)..<8 where below(1_000) == 0 { frame[place] ^= 1 << bit }
        }
        host.send(frame)
    }
}
