import Episodes
import Guard
import GuardSamples
import Quantities
import Robots
import Supervision
import Testing

@testable import Replay

@Suite("Motions of recordings, once more") struct MotionReplayTests {
    @Test("the plan keeps what the guard demands, goes by the recorded places, and is the same again, bit for bit")
    func plan() throws {
        let sample = try RobotSample("pendulum")
        let plans = CalibrationPlans(
            sample.robot, task: sample.facts.digest, calibration: sample.facts.calibration?.digest, session: 1)
        for episode in try GoldenFlights.episodes() {
            for stretch in [1, 3] {
                let motion = try MotionReplay(episode, on: sample.robot, stretch: stretch)
                let proposal = try plans.replay(motion, attempt: 0)
                #expect(throws: Never.self) { try PlanCheck(sample.facts).check(proposal) }
                #expect(try plans.replay(motion, attempt: 0).digest == proposal.digest)
                #expect(motion.script.purpose == .replay && motion.script.followsReset)
                var farthest: Float = 0
                try motion.script.forEachPoint(
                    from: sample.robot.file.starts.map(\.position), period: sample.robot.file.period
                ) { _, tick, _, point throws(PlanDefect) in
                    let since = Int(tick.rawValue - motion.lead.rawValue) + 1
                    guard case .position(let place)? = point, since > 0, since % stretch == 0 else { return }
                    // The last places of a recording may lie between two of the course, which leaves them out.
                    guard since / stretch < motion.places.count - 4 else { return }
                    farthest = max(farthest, (motion.places[since / stretch][0] - place).magnitude.value)
                }
                #expect(farthest < 0.02, "\(farthest)")
                #expect(motion.distance(of: motion.places[40]) == .zero)
                let highest: Float = motion.places.reduce(-.infinity) { max($0, $1[0].value) }
                let beyond: Float = motion.distance(of: [Radians(3)]).value
                #expect((highest + beyond - 3).magnitude < 1e-5)
            }
        }
    }

    @Test("what the envelope forbids, and what is no motion of this robot, is refused with its numbers")
    func refused() throws {
        let episode = try #require(try GoldenFlights.episodes().first)
        #expect(throws: MotionReplayProblem.otherJoints) {
            try MotionReplay(episode, on: RobotSample("reacher").robot)
        }
        let slow = try RobotSample(
            "pendulum", limits: { $0.replacing("speed_limit_rad_s: 12", with: "speed_limit_rad_s: 1.6") })
        let problem = #expect(throws: MotionReplayProblem.self) { try MotionReplay(episode, on: slow.robot) }
        guard case .tooFast(let joint, let speed, let most)? = problem else {
            Issue.record("faster than the envelope, and not refused: \(String(describing: problem))")
            return
        }
        #expect(joint == 0 && most == RadiansPerSecond(1.6) && speed > most)
        #expect(throws: MotionReplayProblem.self) {
            try MotionReplay(episode, on: RobotSample("pendulum").robot, stretch: 200)
        }
    }
}
