import Testing

@testable import Models

/// Fits to motion that is not of one model: what is not to be believed of it.
@Suite("Identification of what differs") struct DoubtfulFitTests {
    private static let heavy = [0.0042, 0.2, 0.007, 0.33]

    @Test("what predicts recordings that were held out no better is refused, and all stays as it was believed")
    func harmful() throws {
        let pendulum = try FittedPendulum()
        // All but the fifth and the tenth, which judge, are of another robot than the one that is believed in.
        let believed = pendulum.recordings(10, ticks: 100, seed: 7, truth: pendulum.model.parameters)
        let others = pendulum.recordings(10, ticks: 100, seed: 8, truth: Self.heavy)
        let stretches = others.indices.map { $0 % 5 == 4 ? believed[$0] : others[$0] }
        let fit = try pendulum.problem().fit(Windows(cutting: stretches, ticks: 50))
        let refused = try #require(fit.refused)
        #expect(!fit.isBetter && fit.parameters == pendulum.model.parameters)
        #expect(fit.heldOutAfter == fit.heldOutBefore)
        for (place, error) in refused.enumerated() { #expect(error > 100 * fit.heldOutBefore[place]) }
        for (estimate, belief) in zip(fit.estimates, FittedPendulum.belief) {
            #expect(estimate.value == belief && estimate.learnt == 0 && !estimate.isAtBound)
            #expect(estimate.deviation == belief * 0.3 && estimate.interval.contains(belief * 1.58))
        }
    }
}
