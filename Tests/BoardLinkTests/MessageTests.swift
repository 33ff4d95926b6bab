import BoardLink
import Quantities
import Testing

@Suite struct CommandTests {
    private let command = Command(lifetime: Ticks(20), joints: .two)

    @Test("a new command switches every joint off") func startsOff() throws {
        for joint in [0, 1, 2, 3] as [UInt8] { #expect(command[try #require(BoardJoint(joint))] == .off) }
    }

    @Test(
        "ends after its lifetime, also across the wrap", arguments: [0, 4_294_967_290] as [UInt32],
        [(0, false), (19, false), (20, true), (21, true), (2_147_483_647, true)] as [(UInt32, Bool)])
    func end(arrived: UInt32, later: (by: UInt32, ended: Bool)) {
        #expect(command.hasEnded(at: Tick(arrived &+ later.by), arrived: Tick(arrived)) == later.ended)
    }

    @Test("a command newer than the tick being worked off has not ended") func newerThanTick() {
        #expect(!command.hasEnded(at: Tick(11), arrived: Tick(12)))
        #expect(!command.hasEnded(at: Tick(.max), arrived: Tick(0)))
    }

    @Test(
        "a lifetime beyond the wire becomes the end of its range",
        arguments: [
            (-1, 1), (0, 1), (1, 1), (65_535, 65_535), (65_536, 65_535), (.max, 65_535), (.min, 1),
        ] as [(Int32, Int32)])
    func lifetime(asked: Int32, sent: Int32) throws {
        let payload = Packet(sequence: 0, message: .command(Command(lifetime: Ticks(asked), joints: .one))).payload()
        let expected = Message.command(Command(lifetime: Ticks(sent), joints: .one))
        #expect(try Packet(payload).message == expected)
    }

    @Test("compares the joints that it has and no others") func equality() throws {
        var other = command
        other.set(try #require(BoardJoint(2)), to: .speed(RadiansPerSecond(1)))
        #expect(other == command)
        other.set(try #require(BoardJoint(1)), to: .speed(RadiansPerSecond(1)))
        #expect(other != command)
        #expect(command != Command(lifetime: Ticks(20), joints: .three))
        #expect(command != Command(lifetime: Ticks(21), joints: .two))
    }

    @Test("a drive knows its kind") func kind() {
        #expect(Drive.off.kind == .off && Drive.position(.zero).kind == .position)
        #expect(Drive.speed(.zero).kind == .speed && Drive.effort(.zero).kind == .effort)
    }
}

@Suite struct StateTests {
    @Test("flags with unknown bits do not exist", arguments: UInt8.min...UInt8.max)
    func unknownFlags(raw: UInt8) { #expect(StateFlags(raw)?.rawValue == (raw < 32 ? raw : nil)) }

    @Test("flags are set and taken away one by one") func flags() {
        let flags = StateFlags.none.with(.clamped).with(.tickLate).with(.linkDamaged)
        #expect(flags.contains(.clamped) && flags.contains(.tickLate) && flags.contains(.linkDamaged))
        #expect(!flags.contains(.restarted) && !flags.contains(.commandEnded))
        #expect(!flags.contains(StateFlags.clamped.with(.restarted)))
        #expect(flags.without(.tickLate) == StateFlags.none.with(.clamped).with(.linkDamaged))
        #expect(flags.without(.restarted) == flags)
    }

    @Test("a fault number is any byte but zero", arguments: UInt8.min...UInt8.max)
    func faultNumber(raw: UInt8) { #expect(FaultNumber(raw)?.rawValue == (raw == 0 ? nil : raw)) }

    @Test("compares the joints that it has and no others") func equality() throws {
        let state = State(
            tick: Tick(1), commandSequence: 2, mode: .armed, fault: nil, flags: .none, supply: nil, joints: .one)
        let known = JointState(position: Radians(1), speed: nil, effort: nil, temperature: nil)
        var other = state
        let last = try #require(BoardJoint(3))
        #expect(other[last].position == nil)
        other.set(last, to: known)
        #expect(other[last] == known)
        #expect(other == state)
        other.set(try #require(BoardJoint(0)), to: known)
        #expect(other != state)
    }
}

@Suite struct ConfigureTests {
    private func bounds(
        _ joint: UInt8, speed: Float = 1, effort: Float = 1, temperature: Float = 60, current: Float = 1,
        braking: Float = 1
    ) throws -> JointBounds? {
        JointBounds(
            joint: try #require(JointIndex(joint)), position: try #require(Limit(Radians(-1), Radians(1))),
            speed: RadiansPerSecond(speed), effort: NewtonMetres(effort), temperature: Celsius(temperature),
            current: Amperes(current), braking: RadiansPerSecondSquared(braking))
    }

    private func configure(
        _ first: JointBounds?, _ second: JointBounds? = nil, _ third: JointBounds? = nil, _ fourth: JointBounds? = nil
    ) throws -> Configure? {
        Configure(
            envelope: EnvelopeHash(DoubleWord(1)), supply: try #require(Limit(Volts(9), Volts(14))),
            silence: Ticks(100), try #require(first), second, third, fourth)
    }

    @Test("bounds that are not above zero or no number do not exist", arguments: [0, -1, .nan, .infinity] as [Float])
    func illegalBounds(value: Float) throws {
        #expect(try bounds(0, speed: value) == nil)
        #expect(try bounds(0, effort: value) == nil)
        #expect(try bounds(0, current: value) == nil)
        #expect(try bounds(0, braking: value) == nil)
    }

    @Test("a joint brakes with what can be said: neither less than half a step nor more than the scale")
    func braking() throws {
        #expect(try bounds(0, braking: 0.015) == nil)
        #expect(try bounds(0, braking: 0.016) != nil)
        #expect(try bounds(0, braking: 1_023.968_75) != nil)
        #expect(try bounds(0, braking: 1_024) == nil)
        #expect(try configure(bounds(0, braking: 60)) != configure(bounds(0, braking: 150)))
    }

    @Test("a temperature bound is any finite number") func temperature() throws {
        #expect(try bounds(0, temperature: -20) != nil)
        #expect(try bounds(0, temperature: .nan) == nil)
        #expect(try bounds(0, temperature: -.infinity) == nil)
    }

    @Test("has as many joints as bounds were given") func counts() throws {
        #expect(try configure(bounds(7))?.joints == .one)
        #expect(try configure(bounds(7), bounds(6))?.joints == .two)
        #expect(try configure(bounds(7), bounds(6), bounds(5))?.joints == .three)
        #expect(try configure(bounds(7), bounds(6), bounds(5), bounds(4))?.joints == .four)
    }

    @Test("keeps the order of the joints") func order() throws {
        let configure = try #require(try configure(bounds(7), bounds(6), bounds(5), bounds(4)))
        for (place, joint) in zip([0, 1, 2, 3] as [UInt8], [7, 6, 5, 4] as [UInt8]) {
            #expect(configure[try #require(BoardJoint(place))].joint.rawValue == joint)
        }
    }

    @Test("does not exist with a gap between its joints") func gaps() throws {
        #expect(try configure(bounds(0), nil, bounds(1)) == nil)
        #expect(try configure(bounds(0), bounds(1), nil, bounds(2)) == nil)
        #expect(try configure(bounds(0), nil, nil, bounds(2)) == nil)
    }

    @Test("does not exist when a joint of the robot is there twice") func twice() throws {
        #expect(try configure(bounds(1), bounds(1)) == nil)
        #expect(try configure(bounds(1), bounds(2), bounds(1)) == nil)
        #expect(try configure(bounds(1), bounds(2), bounds(3), bounds(2)) == nil)
    }

    @Test("a bound smaller than half a step is refused by the board instead of becoming zero") func tinyBound() throws {
        let tiny = try #require(try configure(bounds(0, speed: 0.001)))
        let payload = Packet(sequence: 0, message: .configure(tiny)).payload()
        #expect(refusal(of: payload.array) == .illegalValue(.limit))
    }

    @Test("compares the joints that it has") func equality() throws {
        #expect(try configure(bounds(1)) == configure(bounds(1)))
        #expect(try configure(bounds(1)) != configure(bounds(2)))
        #expect(try configure(bounds(1), bounds(2)) != configure(bounds(1), bounds(3)))
    }
}

@Suite struct LineTests {
    @Test(
        "an echo carries up to 112 bytes", arguments: [(0, true), (111, true), (112, true), (113, false), (124, false)])
    func echo(length: Int, exists: Bool) {
        #expect((Echo(bytes: Bytes(repeatElement(7, count: length))) != nil) == exists)
    }

    @Test("a double word is its two halves", arguments: [0, 1, 0xFFFF_FFFF, 0x1_0000_0000, .max] as [UInt64])
    func doubleWord(joined: UInt64) {
        let word = DoubleWord(joined)
        #expect(word.joined == joined)
        #expect(word == DoubleWord(high: UInt32(joined >> 32), low: UInt32(joined & 0xFFFF_FFFF)))
    }
}

@Suite struct MessageKindTests {
    @Test("bit 7 is set in what a board sends", arguments: GoldenFrame.all)
    func direction(golden: GoldenFrame) throws {
        let fromBoard: Set<MessageKind> = [
            .identification, .answer, .challenge, .state, .event, .faultReport, .echoed, .time,
        ]
        let kind = try golden.message().kind
        #expect(kind.comesFromBoard == fromBoard.contains(kind))
    }
}
