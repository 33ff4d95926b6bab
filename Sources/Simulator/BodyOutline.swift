public import Quantities

/// What a body looks like from the side, for people: lines in a plane, in metres, x to the right and z up.
public struct BodyOutline: Equatable, Sendable {
    public struct Point: Equatable, Sendable {
        public var x: Float
        public var z: Float

        public init(x: Float, z: Float) {
            self.x = x
            self.z = z
        }
    }

    public struct Segment: Equatable, Sendable {
        public var from: Point
        public var to: Point
        /// The joint that carries it, from 0; nil for what stands still.
        public var joint: Int?

        public init(from: Point, to: Point, joint: Int?) {
            self.from = from
            self.to = to
            self.joint = joint
        }
    }

    public var segments: [Segment]
    /// What has to be in the picture whatever moves: its lower left and upper right corner.
    public var low: Point
    public var high: Point

    public init(segments: [Segment], low: Point, high: Point) {
        self.segments = segments
        self.low = low
        self.high = high
    }
}

/// A body that can be drawn.
public protocol OutlinedBody: VirtualBody {
    var outline: BodyOutline { get }
}

extension BodyOutline {
    /// Motors beside each other, each with a hand that shows its angle: 0 points down, positive turns to the right.
    public init(dials angles: [Radians]) {
        let pitch: Float = 2.4
        var segments: [Segment] = []
        for joint in angles.indices {
            let hub = Point(x: Float(joint) * pitch, z: 0)
            let angle = Double(angles[joint].value)
            segments.append(
                Segment(from: Point(x: hub.x - 0.25, z: 0), to: Point(x: hub.x + 0.25, z: 0), joint: nil))
            guard angle.isFinite else { continue }
            let tip = Point(x: hub.x + Float(sine(angle)), z: -Float(sine(angle + .pi / 2)))
            segments.append(Segment(from: hub, to: tip, joint: joint))
        }
        let width = Float(max(angles.count - 1, 0)) * pitch
        self.init(segments: segments, low: Point(x: -1.1, z: -1.1), high: Point(x: width + 1.1, z: 1.1))
    }
}

extension LooseJoints: OutlinedBody {
    public var outline: BodyOutline { BodyOutline(dials: (0..<jointCount).map { state(of: $0).position }) }
}
