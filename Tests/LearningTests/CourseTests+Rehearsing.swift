import Hashing
import Policies
import Testing

@testable import Learning

/// What happens inside the model alone.
extension CourseTests {
    /// The mean worth of a tick, round by round.
    private func rehearsed(_ rounds: Int, criticPasses: Int? = nil) throws -> [Double] {
        let course = try course(.rehearse)
        var troupe = Soloist(try Self.stage())
        var settings = Proximal.Settings(discount: 0.98)
        if let criticPasses { settings.criticPasses = criticPasses }
        var proximal = Proximal(course.incumbent, critic: course.critic, settings)
        return try (0..<rounds).map { round in
            try proximal.improve(
                course.settings.starts, course.belief, course.settings.objective,
                NoiseKey(run: 1, iteration: UInt32(round), episode: 0), with: &troupe)
        }
    }

    @Test("rehearsing makes a policy better inside the model")
    func proximal() throws {
        let worths = try rehearsed(12)
        let (early, late) = (worths.prefix(3).reduce(0, +) / 3, worths.suffix(3).reduce(0, +) / 3)
        #expect(late > 0.9 * early, "\(worths)")
    }

    @Test("a critic that goes through a round's samples often enough makes more of as many episodes")
    func critic() throws {
        let (lagging, following) = (try rehearsed(40, criticPasses: 1), try rehearsed(40))
        #expect(following.suffix(10).reduce(0, +) > 0.8 * lagging.suffix(10).reduce(0, +))
    }
}
