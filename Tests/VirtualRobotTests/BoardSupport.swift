import BoardLink
import Quantities
import Testing
import VirtualRobot
import Simulator

/// A bench with a board of ours, and a host that talks to it.
struct BoardBench {
    var bench: Bench<BoardWire>
    private var sender = Sender()
    private var receiver = Receiver()

    init(_ joints: BoardJointCount = .two) {
        var hardware = BoardHardware(joints: joints, torqueConstant: NewtonMetresPerAmpere(1.212))
        hardware.ticksBetweenStates = 5
        bench = Bench(BoardWire(hardware), joints: Int(joints.rawValue))
    }

    /// One that is introduced, configured and armed.
    init(armed envelope: UInt64, position: Double = 0) throws {
        self.init()
        bench.body.joints[1].position = position
        run(milliseconds: 1)
        try introduce()
        #expect(try outcome(.configure(configuration(envelope))) == .accepted)
        try arm(envelope)
    }

    var mode: BoardMode { bench.wire.mode }

    mutating func run(milliseconds: Int) { bench.run(milliseconds: milliseconds) }

    mutating func frame(_ message: Message) -> [UInt8] {
        let frame = sender.frame(message)
        return (0..<frame.count).map { frame[$0] }
    }

    @discardableResult
    mutating func send(_ bytes: [UInt8]) -> [Message] { messages(bench.send(bytes)) }

    mutating func send(_ message: Message) -> [Message] { send(frame(message)) }

    /// What the board has said by itself since the last time.
    mutating func reports() -> [Message] { messages(bench.wire.takeReports()) }

    mutating func events() -> [EventKind] {
        reports().compactMap { if case .event(let event) = $0 { event.kind } else { nil } }
    }

    mutating func state() throws -> State {
        _ = reports()
        run(milliseconds: 10)
        let states: [State] = reports().compactMap { if case .state(let state) = $0 { state } else { nil } }
        return try #require(states.last)
    }

    private mutating func messages(_ answers: [WireAnswer]) -> [Message] {
        var messages: [Message] = []
        for byte in answers.flatMap(\.bytes) {
            do { if let packet = try receiver.receive(byte) { messages.append(packet.message) } } catch {
                Issue.record("a frame of the board: \(error)")
            }
        }
        return messages
    }

    mutating func outcome(_ message: Message) throws -> Outcome {
        let said = send(message)
        guard case .answer(let answer)? = said.first, said.count == 1 else {
            Issue.record("no answer: \(said)")
            return .tooLate
        }
        #expect(answer.sequence == sender.nextSequence &- 1)
        return answer.outcome
    }

    mutating func introduce(_ layout: LinkLayout = .ofThisBuild()) throws {
        guard case .identification? = send(.identify(Identify(layout: layout))).first else {
            Issue.record("no identification")
            return
        }
    }

    mutating func challenge() -> Nonce {
        let said = send(.askToArm)
        guard case .challenge(let challenge)? = said.first else {
            Issue.record("no challenge: \(said)")
            return Nonce(DoubleWord(0))
        }
        return challenge.nonce
    }

    mutating func arm(_ envelope: UInt64) throws {
        let nonce = challenge()
        #expect(try outcome(.arm(Arm(nonce: nonce, envelope: EnvelopeHash(DoubleWord(envelope))))) == .accepted)
    }

    /// A command for both joints.
    mutating func command(_ drive: Drive, lifetime: Int32 = 50) throws {
        #expect(send(.command(try twoJoints(drive, lifetime: lifetime))).isEmpty)
    }

    mutating func keep(_ drive: Drive, milliseconds: Int) throws {
        for _ in 0..<milliseconds / 10 {
            try command(drive)
            run(milliseconds: 10)
        }
    }
}

func twoJoints(_ drive: Drive, lifetime: Int32) throws -> Command {
    var command = Command(lifetime: Ticks(lifetime), joints: .two)
    for number in [UInt8(0), 1] {
        let joint = try #require(BoardJoint(number))
        command.set(joint, to: drive)
    }
    return command
}

func configuration(_ envelope: UInt64, joints: Int = 2, speed: Float = 4, silence: Int32 = 100) throws -> Configure {
    let position = try #require(Limit(Radians(-2), Radians(2)))
    let supply = try #require(Limit(Volts(6), Volts(9)))
    var bounds: [JointBounds] = []
    for number in 0..<joints {
        let joint = try #require(JointIndex(UInt8(number)))
        bounds.append(
            try #require(
                JointBounds(
                    joint: joint, position: position, speed: RadiansPerSecond(speed), effort: NewtonMetres(3),
                    temperature: Celsius(70), current: Amperes(2), braking: RadiansPerSecondSquared(60))))
    }
    return try #require(
        Configure(
            envelope: EnvelopeHash(DoubleWord(envelope)), supply: supply, silence: Ticks(silence), bounds[0],
            joints > 1 ? bounds[1] : nil))
}
