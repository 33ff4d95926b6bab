import Episodes
import Foundation
import Hashing
import Learning
import Models
import Policies
import Quantities
import Robots
import Supervision
import Testing

@testable import Learner

@Suite("Plans and what stands in their dossiers")
struct PlanWriterTests {
    private func writer(_ samples: Samples) -> PlanWriter {
        var writer = PlanWriter(
            samples.pupil, envelope: samples.pupil.robot.envelope.envelope.identity, calibration: .zero)
        writer.rollouts = 8
        return writer
    }

    @Test("the same checkpoint makes the same plan, and another episode another one")
    func repeats() throws {
        let samples = try Samples()
        let identity = samples.identity()
        var course = try samples.course(identity)
        let writer = writer(samples)
        let first = try #require(try writer.planned(course, anchor: nil, Misses())).proposal
        let again = try Course(checkpoint: course.checkpoint, course.settings)
        #expect(try writer.planned(again, anchor: nil, Misses())?.proposal.digest == first.digest)
        let robot = ModelRobot(samples.pupil, seed: 1)
        let next = try #require(course.next)
        let taken = robot.perform(next.policy, next.noise)
        course.take(taken.performance, taken.trace)
        let second = try #require(try writer.planned(course, anchor: next.policy, Misses())).proposal
        #expect(second.digest != first.digest && second.plan.policy == first.plan.policy)
        #expect(second.dossier.distance?.value == 0 && second.dossier.distance?.from == first.plan.policy.digest)
        #expect(first.dossier.distance == nil)
    }

    @Test(
        "the band holds every rollout with room, and stays within the envelope",
        arguments: ["pendulum", "reacher", "leg"])
    func band(name: String) throws {
        let samples = try Samples(name)
        let identity = samples.identity()
        let course = try samples.course(identity)
        let proposal = try #require(try writer(samples).planned(course, anchor: nil, Misses())).proposal
        let (band, dossier) = (proposal.dossier.band, proposal.dossier)
        let next = try #require(course.next)
        let parts = (0..<4).map { number in
            course.settings.starts.part(
                NoiseKey(run: 1, iteration: 9, episode: number), parameters: course.belief.values)
        }
        let forecast = Forecast(samples.pupil, next.policy, parts)
        var outside = 0
        for path in forecast.paths {
            for tick in 0..<path.ticks {
                for joint in 0..<forecast.joints {
                    let tube = try #require(band.tube(at: Ticks(Int32(tick))))
                    if !tube.elements[joint].contains(Radians(forecast.position(path, tick, joint))) { outside += 1 }
                }
            }
        }
        #expect(outside == 0, "rollouts that nobody counted on stay inside as well")
        for joint in 0..<forecast.joints {
            let index = try #require(JointIndex(UInt8(joint)))
            let (hull, allowed) = (band.hull(of: index), samples.pupil.robot.envelope.envelope.joints[index].position)
            #expect(allowed.low <= hull.low && hull.high <= allowed.high)
        }
        #expect(dossier.worst.nearest.margin <= dossier.nearest.margin && dossier.worst.rollouts == 8)
        #expect(dossier.thermal.peak >= samples.pupil.robot.envelope.envelope.joints.elements[0].motor.ambient)
        #expect(proposal.plan.cost.time.rawValue > 0 && proposal.plan.cost.isCovered)
    }

    @Test("the nearest limit is the one that a rollout comes nearest to")
    func nearest() throws {
        var found = NearestLimitFound(joint: 0, rule: .position, margin: .infinity)
        found.take(1, .speed, 0.4)
        found.take(0, .effort, 0.5)
        #expect(found.joint == 1 && found.rule == .speed && found.margin == 0.4)
        found.take(0, .position, .nan)
        #expect(found.margin == -1, "what is no number has crossed every limit")
    }

    @Test("how many threads rehearse changes no bit")
    func threads() throws {
        let samples = try Samples()
        let course = try samples.course(samples.identity())
        let parts = (0..<36).map { number in
            course.settings.starts.part(NoiseKey(run: 1, iteration: 0, episode: number))
        }
        var (one, three) = (Ensemble(samples.pupil.stage, threads: 1), Ensemble(samples.pupil.stage, threads: 3))
        let alone = one.play(course.playing, parts, isQuiet: false)
        #expect(alone == three.play(course.playing, parts, isQuiet: false) && alone.count == 36)
        let forecasts = [1, 3].map { Forecast(samples.pupil, course.playing, parts, threads: $0) }
        #expect(forecasts[0].performances == alone && forecasts[1].performances == alone)
        #expect(forecasts[0].paths.map(\.measurements) == forecasts[1].paths.map(\.measurements))
    }
}
