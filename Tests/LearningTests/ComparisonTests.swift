import Foundation
import Learning
import Testing

@Suite struct ComparisonTests {
    @Test("where there is no difference it rarely finds one, however often it is asked and however wild the episodes")
    func errors() {
        var dice = Dice(3)
        for isWild in [false, true] {
            let runs = 200 * campaign
            var wrong = 0
            for _ in 0..<runs {
                var comparison = Comparison()
                for _ in 0..<60 {
                    let value = dice.normal() / (isWild ? dice.normal() : 1)
                    comparison.add(value)
                    if comparison.verdict(error: 0.05) != .open {
                        wrong += 1
                        break
                    }
                }
            }
            // Five in a hundred are promised; three standard errors above that would be a broken promise.
            let most = 0.05 + 3 * sqrt(0.05 * 0.95 / Double(runs))
            #expect(Double(wrong) / Double(runs) < most, "\(wrong) of \(runs)")
        }
    }

    @Test("a difference of two standard deviations is found after few episodes, and its direction is right")
    func power() {
        var dice = Dice(9)
        for sign in [1.0, -1] {
            var counts: [Int] = []
            for _ in 0..<40 {
                var comparison = Comparison()
                while comparison.verdict() == .open, comparison.count < 100 {
                    comparison.add(sign * (2 + dice.normal()))
                }
                #expect(comparison.verdict() == (sign > 0 ? .better : .worse))
                counts.append(comparison.count)
            }
            counts.sort()
            #expect(counts[20] <= 12, "median of \(counts)")
        }
    }

    @Test("what is no number says nothing")
    func strange() {
        var (dice, comparison) = (Dice(2), Comparison())
        for _ in 0..<4 { comparison.add(1 + 0.3 * dice.normal()) }
        comparison.add(.nan)
        #expect(comparison.count == 4, "what is no number says nothing")
    }

    @Test("so many model episodes are bought as make the variance least for the price")
    func allocation() {
        for (correlation, ratio) in [(0.5, 40.0), (0.9, 100), (0.97, 400)] {
            let exact = Interval(correlation, low: correlation, high: correlation)
            let bought = Allocation(correlation: exact, realPrice: ratio, modelPrice: 1, real: 4...16, free: 0...1_000)
            func worth(_ free: Int) -> Double {
                (ratio + Double(free + 1)) * Allocation.variance(correlation: correlation, freePerReal: free)
            }
            let best = (0...1_000).min { worth($0) < worth($1) } ?? 0
            #expect(worth(bought.freePerReal) < 1.03 * worth(best), "\(bought.freePerReal) for \(best)")
        }
    }

    @Test("nothing is built on a correlation that may be none")
    func careful() {
        let none = Allocation(
            correlation: Interval(0.6, low: -0.1, high: 0.9), realPrice: 100, modelPrice: 1, real: 4...12, free: 2...40)
        #expect(none.real == 12 && none.freePerReal == 2)
        let unknown = Allocation(correlation: nil, realPrice: 100, modelPrice: 1, real: 4...12, free: 2...40)
        #expect(unknown == none)
        let much = Allocation(
            correlation: Interval(0.98, low: 0.95, high: 0.99), realPrice: 100, modelPrice: 1, real: 4...12,
            free: 2...40)
        #expect(much.real == 4 && much.freePerReal > 20)
    }

    @Test("a purchase is worth its price while the step may gain more than it costs")
    func purchase() {
        let clear = Estimate(gradient: [3, 4], variance: 1, effectiveEpisodes: 8)
        let gain = Purchase.gain(of: clear, step: [0.3, 0.4])
        #expect(abs(gain.value - 2.5 * (1 - 1 / 25.0)) < 1e-12 && gain.low < gain.value)
        #expect(Purchase.isWorth(gain, cost: 3, unit: 1) && !Purchase.isWorth(gain, cost: 4, unit: 1))
        let noise = Estimate(gradient: [0.1, 0], variance: 1, effectiveEpisodes: 8)
        #expect(Purchase.gain(of: noise, step: [0.1, 0]).value == 0)
    }
}
