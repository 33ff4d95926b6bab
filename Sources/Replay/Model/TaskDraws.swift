internal import Expressions
internal import Hashing
internal import Policies
internal import Robots

extension RobotFile.LearningTask {
    /// The numbers that the task draws for the episode of a key, as the guard draws them.
    func drawn(for key: NoiseKey) -> [Float] {
        let stream = NoiseStream(key, for: .start)
        return draws.enumerated().map { place, draw in
            switch draw.distribution {
            case .even(let range):
                // 32 bits as a share of the range, both ends included.
                let share = Double(stream.bits(tick: 0, block: UInt32(place)).0) / Double(UInt32.max)
                return Float(range.lowerBound + share * (range.upperBound - range.lowerBound))
            case .normal(let mean, let deviation):
                return Float(mean + deviation * Double(stream.normals(tick: 0, block: UInt32(place))[0]))
            }
        }
    }
}
