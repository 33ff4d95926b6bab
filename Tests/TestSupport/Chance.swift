/// Numbers that are the same in every run.
public struct Chance {
    private var state: UInt64

    public init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    public var uniform: Double {
        mutating get {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double((state ^ (state >> 29)) >> 11) / Double(1 << 53)
        }
    }

    /// Nearly normal: the sum of twelve.
    public var normal: Double { mutating get { (0..<12).reduce(-6) { sum, _ in sum + uniform } } }
}
