public import Quantities

/// Turns a counter that wraps after 16 bits into an angle and a speed.
///
/// The angle is zero where the counter was first read: an incremental encoder knows nothing else.
public struct EncoderCount: Sendable {
    private var last: UInt16?
    private var whole: Int32 = 0
    private var smoothed: Float = 0

    /// What a share of a newly counted speed is worth: the noise of one count in a millisecond shrinks by as much.
    private static var share: Float { 0.25 }

    public init() {}

    /// Less than half a turn of the counter may pass between two readings.
    public mutating func read(
        _ counter: UInt16, countsPerTurn: Int32, over time: Seconds
    ) -> (position: Radians, speed: RadiansPerSecond) {
        let moved = Int32(Int16(bitPattern: counter &- (last ?? counter)))
        last = counter
        whole &+= moved
        let radiansPerCount = 2 * Float.pi / Float(Int(countsPerTurn))
        let speed = Float(Int(moved)) * radiansPerCount / time.value
        smoothed += Self.share * (speed - smoothed)
        return (Radians(Float(Int(whole)) * radiansPerCount), RadiansPerSecond(smoothed))
    }
}
