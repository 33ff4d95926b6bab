internal import CProcessor

/// How many floats the sums of a layer are formed of at once. It changes the time and no bit.
public enum Registers: CaseIterable, Sendable {
    /// Four, as every processor can.
    case narrow
    /// Eight: AVX2.
    case wide
    /// Sixteen: AVX-512.
    case widestKnown

    /// The widest of the processor that this runs on.
    public static let widest: Registers =
        switch cprocessor_lane_bits() {
        case 512: .widestKnown
        case 256: .wide
        default: .narrow
        }

    /// Those that this processor has.
    public static var present: [Registers] {
        switch widest {
        case .narrow: [.narrow]
        case .wide: [.narrow, .wide]
        case .widestKnown: [.narrow, .wide, .widestKnown]
        }
    }
}
