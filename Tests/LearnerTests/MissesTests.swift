import Episodes
import Foundation
import GuardSamples
import Hashing
import Learning
import Models
import Policies
import Quantities
import Robots
import Supervision
import Testing

@testable import Learner

@Suite("How wide bands are, by what flights have shown")
struct MissesTests {
    @Test("before any flight a guess stands, and with nineteen the band goes as far as the worst of them")
    func rooms() {
        var misses = Misses()
        #expect(misses.rooms == 10 && misses.count == 0 && misses.left == 0)
        var rooms: [Float] = []
        for _ in 0..<19 {
            misses.add(0, hasLeft: false)
            rooms.append(misses.rooms)
        }
        #expect(rooms[0] == 20 / Float(3) && rooms[5] == 2.5 && rooms[17] == 1 && rooms[18] == 1)
        misses.add(1.75, hasLeft: false)
        #expect(misses.rooms == 1.75 && misses.count == 19)
        // As often as one flight in twenty is worse than the worst of nineteen, and then it is forgotten.
        for _ in 0..<18 { misses.add(0.5, hasLeft: false) }
        #expect(misses.rooms == 1.75)
        misses.add(0.5, hasLeft: false)
        #expect(misses.rooms == 1, "never less than a room")
    }

    @Test("of flights that are alike no more than one in twenty leaves its band, however misses are distributed")
    func rate() {
        for (seed, tail) in [(1, 1.0), (2, 2.0), (3, 4.0)] as [(UInt64, Double)] {
            let stream = NoiseStream(NoiseKey(run: seed, iteration: 0, episode: 0), for: .comparison)
            var (misses, left) = (Misses(), 0)
            let flights = 8_000
            for tick in 0..<flights {
                let share = (Double(stream.bits(tick: UInt32(tick), block: 0).0) + 0.5) * 0x1p-32
                let miss = Float(1.2 * pow(share, -1 / tail))
                left += miss > misses.rooms ? 1 : 0
                misses.add(miss, hasLeft: false)
            }
            let expected = Double(flights) / 20
            #expect(abs(Double(left) - expected) < 5 * expected.squareRoot(), "\(left) of \(flights) with tail \(tail)")
        }
    }

    @Test("whoever was stopped at its band counts for twice as far, so the next band is wider")
    func stopped() {
        for flown in 0..<40 {
            var misses = Misses()
            for _ in 0..<flown { misses.add(0.25, hasLeft: false) }
            let rooms = misses.rooms
            misses.add(rooms * 1.01, hasLeft: true)
            #expect(misses.rooms >= 2 * rooms * 1.01 * (flown < 18 ? Float(flown + 2) / Float(flown + 3) : 1) / 1.0001)
            #expect(misses.rooms > rooms && misses.left == 1)
        }
        var misses = Misses()
        for _ in 0..<200 { misses.add(.greatestFiniteMagnitude, hasLeft: true) }
        #expect(misses.rooms.isFinite)
    }

    private func planned(_ samples: Samples, _ misses: Misses) throws -> PlanWriter.Planned {
        var writer = PlanWriter(
            samples.pupil, envelope: samples.pupil.robot.envelope.envelope.identity, calibration: .zero)
        writer.rollouts = 8
        let course = try samples.course(samples.identity())
        return try #require(try writer.planned(course, anchor: nil, misses))
    }

    @Test(
        "however wide it is, a band allows nothing that the envelope forbids, and the dossier says how wide and by what",
        arguments: ["pendulum", "reacher", "leg"])
    func within(name: String) throws {
        let samples = try Samples(name)
        var misses = Misses()
        misses.add(0.5, hasLeft: false)
        misses.add(1e6, hasLeft: true)
        let planned = try planned(samples, misses)
        let (dossier, envelope) = (planned.proposal.dossier, samples.pupil.robot.envelope.envelope)
        let narrow = try planned.foretold.band(rooms: 1, within: envelope)
        let widening = try #require(dossier.widening)
        #expect(widening.flights == 2 && widening.left == 1)
        for place in 0..<planned.foretold.joints {
            let joint = try #require(JointIndex(UInt8(place)))
            let (allowed, hull) = (envelope.joints[joint].position, dossier.band.hull(of: joint))
            #expect(hull == allowed, "all of the envelope, and no more")
            #expect(allowed.low <= narrow.hull(of: joint).low && narrow.hull(of: joint).high <= allowed.high)
            var most: Float = 0
            for (step, reach) in planned.foretold.reaches.enumerated() where step % planned.foretold.joints == place {
                most = max(most, reach.low - allowed.low.value, allowed.high.value - reach.high)
            }
            #expect(widening.most[place].value == most)
        }
        #expect(try Proposal(canonical: planned.proposal.canonicalBytes) == planned.proposal)
    }

    @Test("other misses make another band and another hash, which a person approves or does not")
    func hash() throws {
        let samples = try Samples()
        var misses = Misses()
        let first = try planned(samples, misses)
        #expect(try planned(samples, misses) == first)
        misses.add(0, hasLeft: false)
        let second = try planned(samples, misses)
        #expect(second.proposal.digest != first.proposal.digest && second.foretold == first.foretold)
        #expect(second.proposal.plan == first.proposal.plan)
    }

    @Test("a miss is how far beside all rollouts a flight went at worst, in rooms of that step")
    func miss() throws {
        let samples = try Samples()
        let foretold = try planned(samples, Misses()).foretold
        func trace(_ places: [Float]) -> Trace {
            var trace = Trace(measured: 3, joints: 1)
            for place in places { trace.append([place, 0, 0], [0]) }
            return trace
        }
        let (first, last) = (foretold.reaches[0], try #require(foretold.reaches.last))
        let inside = [Float](repeating: (first.low + first.high) / 2, count: 10)
        #expect(foretold.miss(of: trace(inside)) == 0)
        let above = foretold.miss(of: trace(inside + [first.high + 2 * first.room]))
        #expect(abs(above - 2) < 1e-5)
        let below = foretold.miss(of: trace([first.low - 3 * first.room] + inside))
        #expect(abs(below - 3) < 1e-5)
        #expect(foretold.miss(of: trace(inside + [.nan])) == 0)
        // Each step by its own rollouts; what lasts longer than was foretold says nothing more.
        let long = [Float](repeating: last.high + last.room, count: 20 * foretold.reaches.count)
        let later = foretold.miss(of: trace(long))
        #expect(foretold.miss(of: trace(long + [1e9])) == later && later >= 1)
    }

    /// A pendulum that is known well, with a motor as strong as this.
    private func pupil(motor: Double) throws -> Pupil {
        let sample = try RobotSample(
            "pendulum",
            changing: { text in
                text.replacing(/horizon_s: [0-9.]+/, with: "horizon_s: 1")
                    .replacing(/prior_sd: [0-9.]+/, with: "prior_sd: 0.0002")
                    .replacing("kt: { value: 0.366", with: "kt: { value: \(motor)")
            })
        return try Pupil(sample.robot, bytes: [])
    }

    @Test(
        "on a robot whose motor is weaker than its model's, the guess is left by every flight and a measured band by none"
    )
    func course() throws {
        // The policy pulls to one side: the model sees it go round and round, and the robot hangs there.
        let (pupil, robot) = (try pupil(motor: 0.366), ModelRobot(try pupil(motor: 0.2), seed: 1))
        let envelope = pupil.robot.envelope.envelope
        let settings = pupil.settings(.real, seed: 3, episodes: 24)
        let usual = try pupil.course(settings)
        let shape = try PolicyShape(inputs: 3, hidden: [], outputs: 1, deviationFloor: 0.1)
        let pulling = try Policy(shape, parameters: [0, 0, 0, 2, -2])
        var (course, misses) = (Course(pulling, usual.belief, critic: usual.critic, settings), Misses())
        var writer = PlanWriter(pupil, envelope: envelope.identity, calibration: .zero)
        writer.rollouts = 8
        var troupe = Ensemble(pupil.stage, threads: 1)
        var (guessed, left, foreseen): (Int, Int, [Float]) = (0, 0, [])
        while let next = course.next, let planned = try writer.planned(course, anchor: nil, misses) {
            let taken = robot.perform(next.policy, next.noise)
            let (miss, rooms) = (planned.foretold.miss(of: taken.trace), misses.rooms)
            guessed += miss > 1 ? 1 : 0
            left += miss > rooms ? 1 : 0
            misses.add(miss, hasLeft: miss > rooms)
            foreseen.append(miss)
            #expect(misses.rooms >= miss, "what has happened once is allowed from then on")
            course.take(taken.performance, taken.trace)
            try course.advance(with: &troupe)
        }
        #expect(foreseen.count == 24)
        #expect(guessed == 24 && left == 0, "\(guessed) left the guess, \(left) what was measured: \(foreseen)")
    }
}
