import Expressions
public import Hashing
import Policies
public import Robots

/// The numbers that a task draws for an episode: they follow from the plan's key, so that who proposed it, the guard and
/// every model draw the same.
public enum TaskDraws {
    public static func draw(_ task: RobotFile.LearningTask, _ key: NoiseKey) -> [Float] {
        let stream = NoiseStream(key, for: .start)
        return task.draws.enumerated().map { place, draw in
            switch draw.distribution {
            case .even(let range):
                // 32 bits as a share of the range, both ends included.
                let share = Double(stream.bits(tick: 0, block: UInt32(place)).0) / Double(UInt32.max)
                return Float(range.lowerBound + share * (range.upperBound - range.lowerBound))
            case .normal(let mean, let deviation):
                let normals = stream.normals(tick: 0, block: UInt32(place))
                return Float(mean + deviation * Double(normals[0]))
            }
        }
    }
}
