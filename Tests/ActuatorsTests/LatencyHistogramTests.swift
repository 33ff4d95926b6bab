import Testing

@testable import Actuators

@Suite struct LatencyHistogramTests {
    @Test("every value lies in its bucket", arguments: (0..<44).map { Int64(1) << Int64($0) })
    func edges(power: Int64) {
        for value in [power - 1, power, power + power / 8, power + power / 3] {
            let bucket = LatencyHistogram.bucket(of: value)
            #expect(bucket == LatencyHistogram.bucketCount - 1 || value <= LatencyHistogram.upperEdge(of: bucket))
            if bucket > 0 { #expect(value > LatencyHistogram.upperEdge(of: bucket - 1)) }
        }
    }

    @Test("a quantile is right within nine percent")
    func quantiles() throws {
        var histogram = LatencyHistogram()
        for value in 1...10_000 { histogram.record(nanoseconds: Int64(value) * 1_000) }
        for share in [0.01, 0.5, 0.95, 0.99] {
            let found = try #require(histogram.quantile(share))
            let exact = share * 10_000_000
            #expect(Double(found) >= exact && Double(found) <= exact * 1.13)
        }
        #expect(histogram.quantile(1) == 10_000_000)
        #expect(histogram.quantile(0) == histogram.quantile(0.000_01))
        #expect(histogram.meanNanoseconds == 5_000_500)
    }

    @Test("an empty one knows nothing, and a share beyond all is no share")
    func empty() {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == nil)
        #expect(histogram.meanNanoseconds == nil)
        histogram.record(nanoseconds: -5)
        #expect(histogram.quantile(1) == 0)
        #expect(histogram.quantile(1.1) == nil)
        #expect(histogram.quantile(.nan) == nil)
    }

    @Test("doublings count what is below them, each with all before it", arguments: 0..<14)
    func doublings(place: Int) {
        var histogram = LatencyHistogram()
        let edge = LatencyHistogram.doubling(place)
        for value in [0, 1_023, edge - 1, edge, edge + 1, 10_000_000_000] { histogram.record(nanoseconds: value) }
        let counts = histogram.doublings
        for other in 0..<14 { #expect(counts[other] == (other < place ? 2 : other == place ? 3 : 5)) }
        #expect(histogram.sumNanoseconds == 1_023 + 3 * edge + 10_000_000_000)
    }
}
