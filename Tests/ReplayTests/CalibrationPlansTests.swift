import Episodes
import Glibc
import Guard
import GuardSamples
import Quantities
import Robots
import Supervision
import Testing

@testable import Replay

@Suite("Plans of a calibration") struct CalibrationPlansTests {
    private static func plans(_ sample: RobotSample, session: UInt32 = 1) -> CalibrationPlans {
        CalibrationPlans(
            sample.robot, task: sample.facts.digest, calibration: sample.facts.calibration?.digest, session: session)
    }

    @Test(
        "the guard of each robot takes them, and the same plans come out the same, bit for bit",
        arguments: ["pendulum", "reacher", "leg"])
    func accepted(name: String) throws {
        let sample = try RobotSample(name)
        let plans = Self.plans(sample)
        let stands = sample.robot.file.starts.map { $0.position + Radians(0.012) }
        let joints = sample.robot.file.joints.indices
        let all =
            try [plans.directions(from: stands)] + joints.map { try plans.joint($0) } + [plans.check(attempt: 0)]
        for proposal in all { #expect(throws: Never.self) { try PlanCheck(sample.facts).check(proposal) } }
        #expect(Set(all.map(\.digest)).count == all.count)
        let again = try Self.plans(sample).directions(from: sample.robot.file.starts.map(\.position))
        #expect(again.digest == all[0].digest, "a joint that rests is not measured twice the same")
        #expect(try Self.plans(sample).joint(0).canonicalBytes == all[1].canonicalBytes)
        for other in try [plans.joint(0, attempt: 1), Self.plans(sample, session: 2).joint(0)] {
            #expect(other.digest != all[1].digest && other.plan.policy == all[1].plan.policy)
        }
        let period = Double(sample.robot.file.period.value)
        #expect(Double(all[all.count - 1].plan.horizon.rawValue) * period < 30, "a check is quick")
    }

    @Test("small motions go away from the limit that is nearer")
    func directions() throws {
        let sample = try RobotSample("reacher")
        let proposal = try Self.plans(sample).directions(from: [Radians(1.6), Radians(-1), Radians(0)])
        let script = try #require(MotionScript(ofPlan: proposal.plan))
        let targets = script.steps.flatMap(\.motions).compactMap { motion in
            if case .move(let target) = motion { target.value } else { nil as Float? }
        }
        #expect(targets.count == 6 && targets[0] < 1.6 && targets[2] > -1 && targets[1] == 1.6)
    }

    @Test(
        "a motion that tells much about the model keeps the envelope",
        .enabled(if: unsafe getenv("UNDERSTUDY_CAMPAIGN") != nil, "takes a minute unoptimised"),
        arguments: ["pendulum", "reacher"])
    func experiment(name: String) throws {
        let sample = try RobotSample(name)
        let plans = Self.plans(sample)
        let found = try #require(try plans.search())
        #expect(throws: Never.self) { try PlanCheck(sample.facts).check(plans.experiment(found)) }
    }
}
