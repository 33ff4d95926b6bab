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
        let identity = RunIdentity(
            robot: source.name, file: pupil.digest, envelope: envelope, calibration: .zero,
            method: method ?? file.learning.estimator.method, seed: seed ?? 1, episodes: episodes ?? 24,
            way: way(of: nil))
        let writer = PlanWriter(pupil, envelope: envelope, calibration: .zero)
        let beginning = try beginning(pupil, identity, in: surroundings)
        var course = try course(pupil, identity, beginning)
        do throws(PlanProblem) {
            let planned = try writer.planned(course, anchor: nil, Misses())
            if let planned, !asJSON { surroundings.say(first(planned.proposal, pupil)) }
        } catch { throw .plan(error) }
        do throws(PolicyError) {
            var troupe = troupe
            let robot = ModelRobot(pupil, seed: identity.seed)
            while let next = course.next, !surroundings.devices.isInterrupted() {
                let taken = robot.perform(next.policy, next.noise)
                course.take(taken.performance, taken.trace)
                let known = course.notes.count
                try course.advance(with: &troupe)
                for note in course.notes[known...] { surroundings.say(line(note)) }
            }
            if course.next != nil { surroundings.devices.tell(Self.interruption(isDryRun: true)) }
        } catch { throw .policy(error) }
        return Outcome()
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
