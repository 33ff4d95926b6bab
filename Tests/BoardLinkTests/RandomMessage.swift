import BoardLink
import Quantities
import Testing

/// Messages of every kind with random content that lies on the steps of the scales, so that they survive the wire.
struct RandomMessage {
    var random: SplitMix64

    mutating func message() throws -> Message {
        switch random.below(17) {
        case 0: .identify(Identify(layout: layout()))
        case 1: .configure(try configure())
        case 2: .askToArm
        case 3: .arm(Arm(nonce: Nonce(long()), envelope: EnvelopeHash(long())))
        case 4: .disarm
        case 5: .command(try command())
        case 6: .clear(Clear(fault: try fault()))
        case 7: .echo(try echo())
        case 8: .askTime(AskTime(stamp: HostStamp(long())))
        case 9: .identification(try identification())
        case 10: .answer(try answer())
        case 11: .challenge(Challenge(nonce: Nonce(long())))
        case 12: .state(try state())
        case 13: .event(try event())
        case 14: .faultReport(FaultReport(tick: tick(), fault: try fault(), joint: joint()))
        case 15: .echoed(try echo())
        default: .time(Time(stamp: HostStamp(long()), tick: tick(), sinceTick: value(Scales.duration)))
        }
    }

    private mutating func long() -> DoubleWord { DoubleWord(high: random.word(), low: random.word()) }
    private mutating func tick() -> Tick { Tick(random.word()) }
    private mutating func layout() -> LinkLayout { LinkLayout(protocolVersion: random.byte(), hash: random.word()) }
    private mutating func fault() throws -> FaultNumber { try existing(FaultNumber(UInt8(1 + random.below(255)))) }
    private mutating func joint() -> BoardJoint? { BoardJoint(UInt8(random.below(5))) }
    private mutating func count() throws -> BoardJointCount {
        try existing(BoardJointCount(UInt8(1 + random.below(4))))
    }
    private mutating func silence() -> Ticks { Ticks(Int32(1 + random.below(65_535))) }

    /// A value on the steps of a scale, its ends included; one in eight is unknown.
    private mutating func value<Unit>(_ scale: Scale<Unit>) -> Unit? {
        random.chance(8) ? nil : scale.quantity(raw(scale))
    }

    private mutating func raw<Unit>(_ scale: Scale<Unit>) -> Int32 {
        if random.chance(16) { return random.chance(2) ? scale.largest : -scale.largest }
        return Int32(random.below(2 * Int(scale.largest) + 1)) - scale.largest
    }

    private mutating func known<Unit>(_ scale: Scale<Unit>) throws -> Unit { try existing(scale.quantity(raw(scale))) }

    private mutating func positive<Unit>(_ scale: Scale<Unit>) throws -> Unit {
        try existing(scale.quantity(Int32(1 + random.below(Int(scale.largest)))))
    }

    private mutating func limit<Unit>(_ scale: Scale<Unit>) throws -> Limit<Unit> {
        let low = Int32(random.below(2 * Int(scale.largest))) - scale.largest
        let high = low + 1 + Int32(random.below(Int(scale.largest - low)))
        return try existing(Limit(try existing(scale.quantity(low)), try existing(scale.quantity(high))))
    }

    private mutating func configure() throws -> Configure {
        let count = Int(try count().rawValue)
        let offset = random.below(13)
        let bounds = try (0..<count).map { try self.bounds(joint: UInt8(offset + $0)) }
        let configure = Configure(
            envelope: EnvelopeHash(long()), supply: try limit(Scales.voltage), silence: silence(), bounds[0],
            count > 1 ? bounds[1] : nil, count > 2 ? bounds[2] : nil, count > 3 ? bounds[3] : nil)
        return try existing(configure)
    }

    private mutating func bounds(joint: UInt8) throws -> JointBounds {
        let bounds = JointBounds(
            joint: try existing(JointIndex(joint)), position: try limit(Scales.position),
            speed: try positive(Scales.speed), effort: try positive(Scales.effort),
            temperature: try known(Scales.temperature), current: try positive(Scales.current),
            braking: try positive(Scales.braking))
        return try existing(bounds)
    }

    private mutating func command() throws -> Command {
        var command = Command(lifetime: silence(), joints: try count())
        var position: UInt8 = 0
        while let joint = command.joints.joint(at: position) {
            command.set(joint, to: try drive())
            position += 1
        }
        return command
    }

    private mutating func drive() throws -> Drive {
        switch random.below(4) {
        case 0: .off
        case 1: .position(try known(Scales.position))
        case 2: .speed(try known(Scales.speed))
        default: .effort(try known(Scales.effort))
        }
    }

    private mutating func echo() throws -> Echo {
        let bytes = (0..<random.below(Echo.capacity + 1)).map { _ in random.chance(4) ? 0 : random.byte() }
        return try existing(Echo(bytes: Bytes(bytes)))
    }

    private mutating func identification() throws -> Identification {
        Identification(
            layout: layout(),
            chip: ChipIdentifier(high: random.word(), middle: random.word(), low: random.word()),
            firmwareBuild: long(), joints: try count(), tickPeriod: try positive(Scales.duration))
    }

    private mutating func answer() throws -> Answer {
        Answer(
            request: try existing(Request(rawValue: UInt8(random.below(5)))), sequence: UInt16(random.below(65_536)),
            outcome: try existing(Outcome(rawValue: UInt8(random.below(11)))), envelope: EnvelopeHash(long()))
    }

    private mutating func event() throws -> Event {
        Event(
            tick: tick(), kind: try existing(EventKind(rawValue: UInt8(random.below(9)))), joint: joint(),
            detail: random.word())
    }

    private mutating func state() throws -> State {
        var state = State(
            tick: tick(), commandSequence: UInt16(random.below(65_536)),
            mode: try existing(BoardMode(rawValue: UInt8(random.below(5)))), fault: FaultNumber(random.byte()),
            flags: try existing(StateFlags(UInt8(random.below(32)))), supply: value(Scales.voltage),
            joints: try count(), inputs: try existing(BoardInputCount(UInt8(random.below(5)))))
        var position: UInt8 = 0
        while let input = state.inputs.input(at: position) {
            state.set(input, to: random.chance(8) ? nil : Int32(bitPattern: random.word() | 1))
            position += 1
        }
        position = 0
        while let joint = state.joints.joint(at: position) {
            state.set(
                joint,
                to: JointState(
                    position: value(Scales.position), speed: value(Scales.speed), effort: value(Scales.effort),
                    temperature: value(Scales.temperature)))
            position += 1
        }
        return state
    }

    // `#require` cannot look into a call that draws from the generator.
    private func existing<Value>(_ value: Value?) throws -> Value { try #require(value) }
}
