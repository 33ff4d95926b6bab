import Foundation
import Metrology

/// A joint with a mass on an arm, friction, play, a delay and faults, that does what it is told: small steps of physics
/// under a position servo or bare efforts.
struct PretendedJoint {
    var inertia = 0.02
    var weight = 0.3
    var dry = 0.06
    var viscous = 0.02
    /// Radians between motor and joint.
    var play = 0.0
    /// Seconds until a command counts.
    var delay = 0.004
    /// +1, or -1 for one that is mounted the other way.
    var direction = 1.0
    /// More friction around one place.
    var sticky: (at: Double, times: Double)?
    var noise = 0.000_4
    private var seed: UInt64 = 1

    static let period = 0.005

    private mutating func chance() -> Double {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(seed >> 11) / Double(1 << 53) - 0.5
    }

    private func friction(at position: Double) -> Double {
        guard let sticky, abs(position - sticky.at) < 0.08 else { return dry }
        return dry * sticky.times
    }

    /// Slow motions under a stiff servo: what it pushes is what load and friction need.
    mutating func swept(from low: Double, to high: Double, speeds: [Double]) -> JointTrack {
        var track = JointTrack(times: [], commands: [], positions: [], speeds: [], efforts: [])
        var time = 0.0
        var shaft = low
        for speed in speeds {
            for sign in [1.0, -1] {
                var command = sign > 0 ? low : high
                while sign > 0 ? command < high : command > low {
                    command += sign * speed * Self.period
                    // The joint hangs behind by half of the play, on the side that it comes from.
                    shaft = min(max(shaft, command - play / 2), command + play / 2)
                    let effort = weight * sin(shaft) + sign * (friction(at: shaft) + viscous * speed)
                    time += Self.period
                    track.times.append(time)
                    track.commands.append(command)
                    track.positions.append(shaft + noise * chance())
                    track.speeds.append(sign * speed * (1 + 0.05 * chance()))
                    track.efforts.append(effort + 0.01 * chance())
                }
            }
        }
        return track
    }

    /// Pushes that begin and end at once, of a joint that hangs at rest.
    mutating func pushed(_ efforts: [Double], each duration: Double) -> JointTrack {
        var track = JointTrack(times: [], commands: [], positions: [], speeds: [], efforts: [])
        var (position, speed) = (0.0, 0.0)
        let step = 0.000_1
        let ticks = Int(duration / Self.period)
        var given: [Double] = []
        for effort in efforts {
            for _ in 0..<ticks {
                given.append(effort)
                let now = Double(given.count - 1) * Self.period
                track.times.append(now)
                track.commands.append(effort)
                track.positions.append(position + noise * chance())
                track.speeds.append(speed)
                let obeyed = Int((now - delay) / Self.period)
                track.efforts.append(now < delay ? 0 : given[max(0, min(obeyed, given.count - 1))])
                for part in 0..<Int(Self.period / step) {
                    let place = Int((now + Double(part) * step - delay) / Self.period)
                    let push =
                        now + Double(part) * step < delay ? 0 : direction * given[max(0, min(place, given.count - 1))]
                    let load = push - weight * sin(position)
                    let brake = abs(speed) < 1e-3 && abs(load) < dry ? load : dry * tanh(speed / 0.01)
                    speed += (load - brake - viscous * speed) / inertia * step
                    if abs(speed) < 1e-3, abs(load) < dry { speed = 0 }
                    position += speed * step
                }
            }
        }
        return track
    }
}
