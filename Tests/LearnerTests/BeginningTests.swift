import Learning
import Policies
import Testing

@testable import Learner

@Suite("What a run begins with") struct BeginningTests {
    @Test("a policy of this task is flown first, whichever of its two files it comes from; another one is refused")
    func policies() throws {
        let samples = try Samples()
        let shape = try samples.pupil.shape
        let policy = try Policy.orthogonal(shape, seed: 77, logDeviation: -1)
        for bytes in [policy.encoded, policy.numPyArchive] {
            let beginning = try samples.pupil.beginning(withPolicy: bytes, at: "p")
            #expect(beginning.policy == policy && beginning.performances.isEmpty)
            let course = try samples.pupil.course(
                samples.pupil.settings(samples.identity()), beginningWith: beginning)
            #expect(course.next?.policy == policy)
        }
        let wide = try PolicyShape(inputs: shape.inputs + 1, outputs: shape.outputs, squashes: shape.squashes)
        let other = try Policy.orthogonal(wide, seed: 1, logDeviation: -1)
        let problem = BeginningProblem.otherForm("p", found: wide, needed: shape)
        #expect(throws: problem) { try samples.pupil.beginning(withPolicy: other.encoded, at: "p") }
        #expect(throws: BeginningProblem.self) { try samples.pupil.beginning(withPolicy: [1, 2, 3], at: "p") }
    }

    @Test("what a run begins with is a part of what it is; without it a run does not begin")
    func identity() throws {
        let samples = try Samples()
        let beginning = try samples.pupil.beginning(
            withPolicy: try Policy.orthogonal(try samples.pupil.shape, seed: 77, logDeviation: -1).encoded, at: "p")
        var identity = samples.identity()
        identity.way.from = beginning.digest
        #expect(try RunIdentity(identity.bytes, name: "run.json") == identity)
        #expect(samples.identity().change(to: identity) != nil && identity.change(to: identity) == nil)
        let folder = Samples.folder()
        #expect(throws: LearnerTrouble.noBeginning) {
            _ = try LearnerSession(
                samples.pupil, identity, in: try LearnerFolder(at: folder),
                with: Ensemble(samples.pupil.stage, threads: 1), threads: 1, now: { .zero })
        }
        let session = try LearnerSession(
            samples.pupil, identity, in: try LearnerFolder(at: folder),
            with: Ensemble(samples.pupil.stage, threads: 1), beginningWith: beginning, threads: 1, now: { .zero })
        #expect(session.course.playing == beginning.policy)
    }
}
