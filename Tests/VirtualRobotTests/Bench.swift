import Actuators
import Quantities
import Testing
import VirtualRobot
import Simulator

/// One direct-current motor with a shaft: enough physics to see a firmware's loops close.
struct BenchJoint: Sendable {
    var position = 0.0
    var speed = 0.0
    var current = 0.0
    var supply = 7.4
    var temperature = 25.0
    /// Torque from outside.
    var load = 0.0
    var isStuck = false

    private static let torquePerAmpere = 1.212
    private static let resistance = 2.676
    private static let inertia = 0.028
    private static let friction = 0.06

    mutating func advance(by time: Double, drive: MotorDrive) {
        let pieces = 20
        for _ in 0..<pieces { step(by: time / Double(pieces), drive: drive) }
    }

    private mutating func step(by time: Double, drive: MotorDrive) {
        switch drive {
        case .off: current = 0
        case .current(let wanted): current = Double(wanted.value)
        case .duty(let duty):
            current = (Double(duty.value) * supply - Self.torquePerAmpere * speed) / Self.resistance
        }
        guard !isStuck else {
            speed = 0
            return
        }
        let torque = Self.torquePerAmpere * current + load - Self.friction * speed
        speed += torque / Self.inertia * time
        position += speed * time
    }
}

struct BenchBody: VirtualBody {
    var joints: [BenchJoint]

    var jointCount: Int { joints.count }

    func state(of joint: Int) -> MotorState {
        let joint = joints[joint]
        return MotorState(
            position: Radians(Float(joint.position)), speed: RadiansPerSecond(Float(joint.speed)),
            current: Amperes(Float(joint.current)), voltage: Volts(Float(joint.supply)),
            temperature: Celsius(Float(joint.temperature)))
    }

    mutating func advance(by time: Seconds, drives: Span<MotorDrive>) {
        for joint in joints.indices { joints[joint].advance(by: Double(time.value), drive: drives[joint]) }
    }

    mutating func set(_ condition: MetalCondition, of joint: Int) {
        joints[joint].isStuck = condition.contains(.stuck)
    }

    mutating func set(_ touch: JointTouch, of joint: Int) {}
}

/// A wire and its body, advanced together in milliseconds. No line is between them: every byte arrives.
struct Bench<Wire: VirtualWire> {
    var wire: Wire
    var body: BenchBody
    private(set) var now = BusInstant.start

    init(_ wire: Wire, joints: Int) {
        self.wire = wire
        body = BenchBody(joints: Array(repeating: BenchJoint(), count: joints))
        run(milliseconds: 1)
    }

    mutating func run(milliseconds: Int) {
        for _ in 0..<milliseconds {
            wire.advance(to: now, body: body)
            let drives = wire.drives
            body.advance(by: Seconds(0.001), drives: drives.span)
            now.nanoseconds += 1_000_000
        }
        wire.advance(to: now, body: body)
    }

    mutating func send(_ bytes: [UInt8], to listening: (Int) -> Bool = { _ in true }) -> [WireAnswer] {
        wire.hear(bytes.span, at: now, listening: listening)
    }
}
