import Episodes
import Foundation
import Guard
import Policies
import Robots
import Testing
import VirtualRobot

/// What goes wrong: a fault that the robot's metal is told, or something beside the robot.
enum Trouble: Sendable, Equatable {
    /// As the fault's text goes on behind its name.
    case metal(FaultName, details: String)
    case host(HostTrouble)

    var name: String {
        switch self {
        case .metal(let fault, let details): "\(fault.rawValue)\(details)"
        case .host(let trouble): trouble.rawValue
        }
    }
}

/// What can go wrong beside the robot, in the middle of an episode.
enum HostTrouble: String, CaseIterable, Sendable {
    /// A plan with a weight that is no number.
    case learnerSendsNaN = "learner-nan"
    /// A policy of finite numbers that come to none.
    case learnerOverflows = "learner-overflow"
    case diskFull = "disk-full"
    /// The wall clock is set, forwards or backwards, by days.
    case clockJump = "clock-jump"
}

extension PolicyPayload {
    /// Means and deviations of a policy like this robot's that no float can hold.
    static func overflowing(for robot: Robot) throws -> PolicyPayload {
        let task = robot.file.task
        let shape = try PolicyShape(
            inputs: task.observationCount, hidden: [4], outputs: robot.file.joints.count, squashes: true,
            deviationFloor: 0.01)
        var parameters = [Float](repeating: 0, count: shape.parameterCount)
        let layers = shape.layers
        // Four units that say one, each with the greatest weight: infinite. So is the deviation, and a noise that is
        // negative makes of both what is no number.
        for unit in 0..<4 { parameters[layers[0].bias + unit] = 100 }
        let last = layers[1]
        for place in last.weights..<last.bias { parameters[place] = .greatestFiniteMagnitude }
        for place in shape.deviations..<shape.parameterCount { parameters[place] = 1_000 }
        let bytes = try Policy(shape, parameters: parameters).encoded
        return try #require(PolicyPayload(format: PolicyMeasure.format, bytes: bytes))
    }

    /// The same with one parameter that is no number.
    func withoutNumber(at seed: UInt64) throws -> PolicyPayload {
        var bytes = bytes
        let policy = try #require(PolicyMeasure.policy(bytes), "no policy before")
        let place = bytes.count - 4 * (1 + Int(seed % UInt64(policy.parameters.count)))
        bytes.replaceSubrange(place..<(place + 4), with: [0, 0, 0xC0, 0x7F])
        return try #require(PolicyPayload(format: format, bytes: bytes))
    }
}
