import BoardLink
import Quantities
import Testing

/// Frames as they go over the wire, worked out by a second program from the layout, not by this library.
///
/// A change here is a change of the protocol: boards in the field stop understanding the host.
struct GoldenFrame: CustomTestStringConvertible, Sendable {
    let name: String
    let sequence: UInt16
    let hex: String
    let message: @Sendable () throws -> Message

    init(_ name: String, _ sequence: UInt16, _ hex: String, _ message: @escaping @Sendable () throws -> Message) {
        self.name = name
        self.sequence = sequence
        self.hex = hex
        self.message = message
    }

    var testDescription: String { name }
    var packet: Packet { get throws { Packet(sequence: sequence, message: try message()) } }

    static let all = [
        GoldenFrame("identify", 0, "01 02 01 01 08 01 d4 c3 b2 a1 01 35 00") { .identify(Identify(layout: layout)) },
        GoldenFrame(
            "configure", 1,
            """
            04 01 02 01 09 ef cd ab 89 67 45 23 01 05 0a 80 0d 64 03 02 04 03 80 fe 03 80 01 02 06 02 05 02 23 04 03 c0 \
            12 01 01 01 01 01 06 03 ff 7f ff 7f 03 fb 80 02 10 03 6e da 00
            """
        ) { .configure(try configure()) },
        GoldenFrame("askToArm", 2, "04 01 03 02 03 46 cd 00") { .askToArm },
        GoldenFrame("arm", 3, "04 01 04 03 02 01 01 01 01 0e ee ff c0 ef cd ab 89 67 45 23 01 a6 ba 00") {
            .arm(Arm(nonce: nonce, envelope: envelope))
        },
        GoldenFrame("disarm", 4, "04 01 05 04 03 40 d5 00") { .disarm },
        GoldenFrame("command", 65535, "06 01 06 ff ff 14 02 04 02 01 07 80 ff 02 40 01 03 04 fc b0 27 00") {
            .command(try command())
        },
        GoldenFrame("clear", 6, "04 01 07 06 04 20 b2 7c 00") { .clear(Clear(fault: try fault(32))) },
        GoldenFrame("echo", 7, "04 01 08 07 02 05 01 03 01 ff 03 55 17 00") { .echo(try echo([0, 0, 1, 255, 0])) },
        GoldenFrame(
            "longestEcho", 7,
            """
            04 01 08 07 74 70 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e \
            1f 20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3a 3b 3c 3d 3e 3f 40 41 42 \
            43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50 51 52 53 54 55 56 57 58 59 5a 5b 5c 5d 5e 5f 60 61 62 63 64 65 66 \
            67 68 69 6a 6b 6c 6d 6e 6f 70 7b 54 00
            """
        ) { .echo(try echo(1...112)) },
        GoldenFrame("askTime", 8, "04 01 09 08 05 07 ca 9a 3b 01 01 01 03 f4 5d 00") {
            .askTime(AskTime(stamp: stamp))
        },
        GoldenFrame(
            "identification", 0,
            "01 02 81 01 07 01 d4 c3 b2 a1 03 01 01 02 02 01 01 02 01 01 01 0e 10 32 54 76 98 ba dc fe 03 e8 03 4d d8 00"
        ) { .identification(identification) },
        GoldenFrame("answer", 256, "03 01 82 04 01 02 03 0c 05 ef cd ab 89 67 45 23 01 ae b7 00") {
            .answer(Answer(request: .arm, sequence: 3, outcome: .tooLate, envelope: envelope))
        },
        GoldenFrame("challenge", 2, "04 01 83 02 02 01 01 01 01 06 ee ff c0 06 8e 00") {
            .challenge(Challenge(nonce: nonce))
        },
        GoldenFrame(
            "state", 256,
            """
            03 01 84 05 01 70 11 01 04 ff ff 02 02 03 03 0c 04 02 40 04 80 ff 40 03 40 12 01 02 80 02 80 02 80 0c 80 ff ff 7f \
            ff 7f ff 7f ff 7f 01 08 80 01 80 01 80 01 80 03 0f 1d 00
            """
        ) { .state(try state()) },
        GoldenFrame(
            "latchedState", 257,
            "08 01 84 01 01 71 11 01 01 01 04 04 20 10 03 80 01 01 02 ff 01 01 01 03 80 0c 03 b6 54 00"
        ) { .state(try latchedState()) },
        GoldenFrame(
            "stateWithInputs", 258,
            """
            08 01 84 02 01 71 11 01 01 01 04 04 20 10 03 80 01 01 02 ff 01 01 01 08 80 0c 03 08 fd ff ff 01 01 08 80 ff ff ff \
            7f 05 1d 00
            """
        ) { .state(try stateWithInputs()) },
        GoldenFrame("event", 9, "04 01 85 09 08 ff ff ff ff 06 03 11 01 01 03 9f e1 00") {
            .event(Event(tick: Tick(.max), kind: .stopped, joint: BoardJoint(3), detail: 17))
        },
        GoldenFrame("boardEvent", 10, "04 01 85 0a 01 01 01 01 01 02 ff 01 01 01 03 88 60 00") {
            .event(Event(tick: Tick(0), kind: .started, joint: nil, detail: 0))
        },
        GoldenFrame("faultReport", 11, "04 01 86 0b 04 71 11 01 05 20 ff 7c 7d 00") {
            .faultReport(FaultReport(tick: Tick(70_001), fault: try fault(32), joint: nil))
        },
        GoldenFrame("echoed", 12, "04 01 88 0c 01 03 c7 96 00") { .echoed(try echo([])) },
        GoldenFrame("time", 13, "04 01 89 0d 05 07 ca 9a 3b 01 01 01 04 72 11 01 05 f4 01 3e 89 00") {
            .time(Time(stamp: stamp, tick: Tick(70_002), sinceTick: Seconds(0.0005)))
        },
        GoldenFrame("timeWithoutTick", 14, "04 01 89 0e 01 01 01 01 01 01 01 01 01 01 01 01 01 04 80 d6 92 00") {
            .time(Time(stamp: HostStamp(DoubleWord(0)), tick: Tick(0), sinceTick: nil))
        },
    ]
}

private let layout = LinkLayout(protocolVersion: 1, hash: 0xA1B2_C3D4)
private let envelope = EnvelopeHash(DoubleWord(0x0123_4567_89AB_CDEF))
private let nonce = Nonce(DoubleWord(0xC0FF_EE00_0000_0001))
private let stamp = HostStamp(DoubleWord(1_000_000_007))
private let identification = Identification(
    layout: layout, chip: ChipIdentifier(high: 1, middle: 2, low: 3),
    firmwareBuild: DoubleWord(0xFEDC_BA98_7654_3210), joints: .three, tickPeriod: Seconds(0.001))

private func fault(_ number: UInt8) throws -> FaultNumber { try #require(FaultNumber(number)) }
private func echo(_ content: some Sequence<UInt8>) throws -> Echo { try #require(Echo(bytes: Bytes(content))) }
private func joint(_ number: UInt8) throws -> BoardJoint { try #require(BoardJoint(number)) }

private func configure() throws -> Configure {
    let elbow = JointBounds(
        joint: try #require(JointIndex(4)), position: try #require(Limit(Radians(-1.5), Radians(1.5))),
        speed: RadiansPerSecond(6), effort: NewtonMetres(2.5), temperature: Celsius(70), current: Amperes(3),
        braking: RadiansPerSecondSquared(150))
    // Speed and effort beyond their scales.
    let base = JointBounds(
        joint: .first, position: try #require(Limit(Radians(0), Radians(3))), speed: RadiansPerSecond(200),
        effort: NewtonMetres(64), temperature: Celsius(-10), current: Amperes(0.5),
        braking: RadiansPerSecondSquared(0.5))
    let supply = try #require(Limit(Volts(10), Volts(13.5)))
    let configure = Configure(
        envelope: envelope, supply: supply, silence: Ticks(100), try #require(elbow), base)
    return try #require(configure)
}

private func command() throws -> Command {
    var command = Command(lifetime: Ticks(20), joints: .four)
    command.set(try joint(1), to: .position(Radians(-0.5)))
    command.set(try joint(2), to: .speed(RadiansPerSecond(1.25)))
    command.set(try joint(3), to: .effort(NewtonMetres(-2)))
    return command
}

private func state() throws -> State {
    var state = State(
        tick: Tick(70_000), commandSequence: 0xFFFF, mode: .armed, fault: nil,
        flags: .none.with(.commandEnded).with(.clamped), supply: Volts(12), joints: .four)
    state.set(
        try joint(0),
        to: JointState(
            position: Radians(0.25), speed: RadiansPerSecond(-0.5), effort: NewtonMetres(0.125),
            temperature: Celsius(36.5)))
    state.set(
        try joint(2),
        to: JointState(
            position: Radians(500), speed: RadiansPerSecond(500), effort: NewtonMetres(500), temperature: Celsius(500)))
    state.set(
        try joint(3),
        to: JointState(
            position: Radians(-500), speed: RadiansPerSecond(-500), effort: NewtonMetres(-500),
            temperature: Celsius(-500)))
    return state
}

private func stateWithInputs() throws -> State {
    var state = try latchedState(inputs: try #require(BoardInputCount(3)))
    state.set(try #require(BoardInput(0)), to: -760)
    state.set(try #require(BoardInput(2)), to: .max)
    return state
}

private func latchedState(inputs: BoardInputCount = .zero) throws -> State {
    var state = State(
        tick: Tick(70_001), commandSequence: 0, mode: .latched, fault: try fault(32), flags: .restarted, supply: nil,
        joints: .one, inputs: inputs)
    state.set(
        try joint(0),
        to: JointState(
            position: Radians(-1), speed: .zero, effort: .zero, temperature: Celsius(25)))
    return state
}
