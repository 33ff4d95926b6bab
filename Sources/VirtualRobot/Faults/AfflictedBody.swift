internal import Actuators
internal import Quantities
internal import Simulator

/// A body as its servos see it when their sensors, their places or the joints themselves are wrong.
struct AfflictedBody<Body: VirtualBody>: VirtualBody {
    private(set) var body: Body
    /// Which joint a servo sits on.
    private var joints: [Int]
    private var isReversed: [Bool]
    private var jump: [Radians]
    private var temperature: [Celsius?]
    private var sag = Volts.zero

    init(_ body: Body) {
        self.body = body
        let count = body.jointCount
        joints = Array(0..<count)
        isReversed = Array(repeating: false, count: count)
        jump = Array(repeating: .zero, count: count)
        temperature = Array(repeating: nil, count: count)
    }

    var jointCount: Int { body.jointCount }

    func state(of servo: Int) -> MotorState {
        let joint = joints[servo]
        var state = body.state(of: joint)
        if isReversed[joint] {
            state.position = -state.position
            state.speed = -state.speed
            state.current = -state.current
        }
        state.position += jump[joint]
        state.temperature = temperature[joint] ?? state.temperature
        state.voltage = max(.zero, state.voltage - sag)
        return state
    }

    func measurement(of sensor: Int) -> Float? { body.measurement(of: sensor) }

    mutating func advance(by time: Seconds, drives: Span<MotorDrive>) {
        var driven = [MotorDrive](repeating: .off, count: joints.count)
        for servo in joints.indices {
            let joint = joints[servo]
            let drive = drives[servo].scaled(by: share(of: joint))
            driven[joint] = isReversed[joint] ? drive.reversed : drive
        }
        body.advance(by: time, drives: driven.span)
    }

    /// How much of its supply a joint has left.
    private func share(of joint: Int) -> Float {
        guard sag > .zero else { return 1 }
        let whole = body.state(of: joint).voltage
        return whole > .zero ? max(0, (whole - sag) / whole) : 0
    }

    mutating func set(_ condition: MetalCondition, of joint: Int) { body.set(condition, of: joint) }

    mutating func set(_ touch: JointTouch, of joint: Int) { body.set(touch, of: joint) }

    /// Everything that is wrong now with this one joint, and with the supply.
    mutating func set(_ afflictions: [Fault]) {
        self = AfflictedBody(body)
        for joint in joints.indices {
            let own = afflictions.filter { $0.place == nil || $0.place == joint }
            set(own.reduce(into: MetalCondition()) { $0.formUnion($1.condition) }, of: joint)
            set(own.reduce(into: JointTouch.none) { $1.add(to: &$0) }, of: joint)
            for fault in own { set(fault, of: joint) }
        }
        for fault in afflictions where fault.name == .swappedIdentities { swap(at: fault.place ?? 0) }
    }

    private mutating func set(_ fault: Fault, of joint: Int) {
        switch fault.name {
        case .reversedJoint: isReversed[joint] = true
        case .encoderJump: jump[joint] = Radians(Float(fault.value))
        case .overheating: temperature[joint] = Celsius(Float(fault.value))
        case .voltageSag: sag = Volts(Float(fault.value))
        default: break
        }
    }

    private mutating func swap(at place: Int) {
        guard place + 1 < joints.count else { return }
        joints.swapAt(place, place + 1)
    }
}

extension MotorDrive {
    fileprivate func scaled(by share: Float) -> MotorDrive {
        switch self {
        case .off: .off
        case .current(let current): .current(share < 1 ? current * share : current)
        case .duty(let duty): .duty(share < 1 ? duty * share : duty)
        }
    }

    fileprivate var reversed: MotorDrive {
        switch self {
        case .off: .off
        case .current(let current): .current(-current)
        case .duty(let duty): .duty(-duty)
        }
    }
}

extension Fault {
    fileprivate var condition: MetalCondition {
        switch name {
        case .stuckJoint: .stuck
        case .slippingGear: .slipping
        default: []
        }
    }

    fileprivate func add(to touch: inout JointTouch) {
        switch name {
        case .hand: touch.hand = RadiansPerSecond(Float(value))
        case .stickyJoint: touch.rough = Radians(Float(value))
        default: break
        }
    }
}
