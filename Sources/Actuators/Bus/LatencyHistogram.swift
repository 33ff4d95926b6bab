/// How often something took how long. Fixed in size; recording allocates nothing.
///
/// Eight buckets for every doubling, from 1 µs to 17 s: a quantile is right within 9 %.
public struct LatencyHistogram: Sendable {
    static let bucketCount = 200
    private static let smallestExponent = 10

    private var buckets = InlineArray<200, UInt32>(repeating: 0)
    public private(set) var count: UInt64 = 0
    public private(set) var least = Int64.max
    public private(set) var most = Int64.min
    private var sum: Int64 = 0

    public init() {}

    public mutating func record(nanoseconds: Int64) {
        let value = max(nanoseconds, 0)
        let bucket = Self.bucket(of: value)
        if buckets[bucket] < .max { buckets[bucket] += 1 }
        count += 1
        sum &+= value
        least = min(least, value)
        most = max(most, value)
    }

    public var isEmpty: Bool { count == 0 }

    public var meanNanoseconds: Int64? { isEmpty ? nil : sum / Int64(count) }

    /// The value that a share of all is at most; nil when there are none.
    public func quantile(_ share: Double) -> Int64? {
        guard !isEmpty, share >= 0, share <= 1 else { return nil }
        let wanted = max(1, UInt64((share * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for bucket in buckets.indices {
            seen += UInt64(buckets[bucket])
            if seen >= wanted { return min(max(Self.upperEdge(of: bucket), least), most) }
        }
        return most
    }

    /// The sum of everything that was recorded.
    public var sumNanoseconds: Int64 { sum }

    /// How many were below 2^13, 2^14, … 2^26 ns, which are edges of its buckets: from 8 µs to 67 ms.
    public var doublings: InlineArray<14, UInt64> {
        var counts = InlineArray<14, UInt64>(repeating: 0)
        var seen: UInt64 = 0
        for bucket in 0...(16 * 8) {
            seen += UInt64(buckets[bucket])
            let isEdge = bucket % 8 == 0 && bucket >= Self.firstDoubling
            if isEdge { counts[(bucket - Self.firstDoubling) / 8] = seen }
        }
        return counts
    }

    /// The last bucket below 2^13 ns.
    private static let firstDoubling = 3 * 8

    /// What `doublings` counts up to, in nanoseconds.
    public static func doubling(_ place: Int) -> Int64 { 1 << Int64(13 + place) }

    static func bucket(of value: Int64) -> Int {
        guard value >= 1 << Int64(smallestExponent) else { return 0 }
        let exponent = 63 - value.leadingZeroBitCount
        let eighth = Int(value >> Int64(exponent - 3)) & 7
        return min((exponent - smallestExponent) * 8 + eighth + 1, bucketCount - 1)
    }

    static func upperEdge(of bucket: Int) -> Int64 {
        guard bucket > 0 else { return (1 << Int64(smallestExponent)) - 1 }
        let exponent = (bucket - 1) / 8 + smallestExponent
        let eighth = Int64((bucket - 1) % 8)
        return (1 << Int64(exponent)) + (eighth + 1) << Int64(exponent - 3) - 1
    }
}
