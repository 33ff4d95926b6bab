import Episodes
import Learner
import Learning
import Policies
import Quantities
import Robots
import Supervision

// Without a robot, and without a guard: what would be proposed first, and how it would go on in the model.
extension LearnOptions {
    func rehearse(
        _ pupil: Pupil, _ troupe: any Troupe, in surroundings: Surroundings
    ) throws(LearnerTrouble) -> Outcome {
        let file = pupil.robot.file
        let envelope = pupil.robot.envelope.envelope.identity
        var identity = RunIdentity(
            robot: source.name, file: pupil.digest, envelope: envelope, calibration: .zero,
            method: method ?? file.learning.estimator.method, seed: seed ?? 1, episodes: episodes ?? 24,
            way: way(of: nil))
        if let idle = idle(by: identity.method) { return idle.outcome(surroundings.errors) }
        let writer = PlanWriter(pupil, envelope: envelope, calibration: .zero)
        let beginning = try beginning(pupil, &identity, hasBegun: false, in: surroundings)
        var course = try course(pupil, identity, beginning)
        do throws(PlanProblem) {
            let planned = try writer.planned(course, anchor: nil, Misses())
            if let planned, !asJSON { surroundings.say(first(planned.proposal, pupil)) }
        } catch { throw .plan(error) }
        do throws(PolicyError) {
            if let refusal = try play(&course, pupil, identity, troupe, in: surroundings) {
                return refusal.outcome(surroundings.errors)
            }
            if course.next != nil { surroundings.devices.tell(Self.interruption(isDryRun: true)) }
        } catch { throw .policy(error) }
        return Outcome()
    }

    /// Until its end, or until somebody wants that; says why the curves cannot be written, where they were asked for.
    private func play(
        _ course: inout Course, _ pupil: Pupil, _ identity: RunIdentity, _ troupe: any Troupe,
        in surroundings: Surroundings
    ) throws(PolicyError) -> Outcome.Refusal? {
        var troupe = troupe
        let robot = ModelRobot(pupil, seed: identity.seed)
        var log = RehearsedLog(pupil, identity)
        while let next = course.next, !surroundings.devices.isInterrupted() {
            let taken = robot.perform(next.policy, next.noise)
            let asked = log.asks(course)
            course.take(taken.performance, taken.trace)
            let known = course.notes.count
            try course.advance(with: &troupe)
            let notes = Array(course.notes[known...])
            for note in notes { surroundings.say(line(note)) }
            log.add(taken, of: course, asked, notes)
            if let events, let refusal = GrowingCurves.leave(log.log, in: events, surroundings) { return refusal }
        }
        return nil
    }

    private func course(
        _ pupil: Pupil, _ identity: RunIdentity, _ beginning: Beginning?
    ) throws(LearnerTrouble) -> Course {
        do throws(PolicyError) {
            return try pupil.course(pupil.settings(identity), beginningWith: beginning)
        } catch { throw .policy(error) }
    }

    private func line(_ note: Course.Note) -> String {
        guard asJSON else {
            return "  after \(note.episodes) episodes, \(decimal(note.worth, 3)) a tick: \(note.event.words)\n"
        }
        return "{\"kind\": \"note\", \"episodes\": \(note.episodes), \"worth\": \(note.worth), "
            + "\"text\": \"\(note.event.words)\"}\n"
    }

    private func first(_ proposal: Proposal, _ pupil: Pupil) -> String {
        let (plan, dossier) = (proposal.plan, proposal.dossier)
        let names = pupil.robot.file.joints.map(\.name)
        let widening = dossier.widening.map { "\n  band           \(WideningText($0, names).text)" } ?? ""
        func limit(_ found: NearestLimit) -> String {
            "\(found.rule) of \(names[Int(found.joint.rawValue)]), \(decimal(Double(found.margin) * 100, 1)) % left"
        }
        return """
            would propose first: \(plan.horizon.rawValue) ticks, \(decimal(Double(plan.cost.time.rawValue) / 1_000, 1)) s of the robot
              nearest limit  \(limit(dossier.nearest))
              worst of \(dossier.worst.rollouts)    \(limit(dossier.worst.nearest)); \(dossier.worst.crossings) left the envelope
              hottest        \(names[Int(dossier.thermal.joint.rawValue)]), \(decimal(Double(dossier.thermal.peak.value), 0)) °C\(widening)
            and if the model were the robot:

            """
    }
}
