import Expressions
import TestSupport
import Testing

@testable import Replay

@Suite("Correlations and how sure they are") struct CorrelationTests {
    /// Vectors that share a part of what they are.
    private func pairs(_ count: Int, width: Int, sharing: Double, seed: UInt64) -> ([[Double]], [[Double]]) {
        var chance = Chance(seed)
        var (left, right): ([[Double]], [[Double]]) = ([], [])
        for _ in 0..<count {
            let one = (0..<width).map { _ in chance.normal }
            left.append(one)
            right.append(one.map { sharing * $0 + (1 - sharing * sharing).squareRoot() * chance.normal + 3 })
        }
        return (left, right)
    }

    @Test("what is the same correlates fully, its negative inversely, and what has nothing in common hardly")
    func extremes() throws {
        let (left, right) = pairs(50, width: 3, sharing: 0, seed: 1)
        let groups = [Int](repeating: 0, count: 50)
        #expect(try #require(Correlation(left, left, groups: groups)).value > 0.999_999)
        let mirrored = left.map { $0.map { 5 - 2 * $0 } }
        #expect(try #require(Correlation(left, mirrored, groups: groups)).value < -0.999_999)
        let none = try #require(Correlation(left, right, groups: groups))
        #expect(abs(none.value) < 0.3 && none.interval?.contains(0) == true)
        #expect(Correlation(left, left.map { $0.map { _ in 7 } }, groups: groups) == nil)
        #expect(Correlation([[1], [2]], [[1], [2]], groups: [0, 0]) == nil)
    }

    @Test("what only the groups have in common does not count")
    func groups() throws {
        let (left, right) = pairs(60, width: 1, sharing: 0, seed: 2)
        let groups = (0..<60).map { $0 % 3 }
        let shifted = [left, right].map { side in side.enumerated().map { [$0.element[0] + 40 * Double($0.offset % 3)] }
        }
        let whole = try #require(Correlation(shifted[0], shifted[1], groups: [Int](repeating: 0, count: 60)))
        let within = try #require(Correlation(shifted[0], shifted[1], groups: groups))
        #expect(whole.value > 0.99 && abs(within.value) < 0.35)
    }

    @Test(
        "95 % intervals of few episodes hold the true correlation in about 95 of 100 cases",
        arguments: [0.0, 0.7, 0.95])
    func coverage(sharing: Double) throws {
        var held = 0
        for seed in 0..<80 {
            let (left, right) = pairs(12, width: 2, sharing: sharing, seed: UInt64(1_000 + seed))
            let found = try #require(Correlation(left, right, groups: [Int](repeating: 0, count: 12)))
            if try #require(found.interval).contains(sharing) { held += 1 }
        }
        #expect((69...80).contains(held), "\(held) of 80")
    }
}
