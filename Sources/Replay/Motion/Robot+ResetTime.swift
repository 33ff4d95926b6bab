internal import Quantities
internal import Robots
internal import Supervision

extension Robot {
    /// What a permit's time leaves for motions, in seconds: the robot gets to its start in the same time.
    var motionTime: Float {
        let limits = envelope.envelope.robot
        return Float(limits.horizon.rawValue) * limits.period.value - usualResetTime
    }

    /// About how long a reset takes from where the robot parks, without a second attempt.
    var usualResetTime: Float {
        var places = file.joints.indices.map { envelope.envelope.joints.elements[$0].park }
        return file.reset.steps.reduce(1) { sum, step in
            switch step {
            case .move(let targets, let speed, _):
                let ways = targets.indices.map { joint -> Float in
                    let target = targets[joint] ?? places[joint]
                    defer { places[joint] = target }
                    return (target - places[joint]).magnitude.value
                }
                return sum + ((ways.max() ?? 0) + 0.2) / (speed ?? envelope.envelope.robot.parkSpeed).value + 0.5
            case .relax: return sum
            case .hold(let time), .wait(let time): return sum + time.value
            case .rest(let time, _): return sum + time.value + 1
            }
        }
    }
}
