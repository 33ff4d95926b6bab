import BoardFirmware
import BoardLink
import Quantities
import Testing
import VirtualRobot

/// Who talks to a board, one message at a time, and what hangs on it: four motors in a thick liquid.
///
/// Additions and multiplications only: the same numbers on every machine.
struct Host {
    let board: any BoardProgram
    private(set) var last: BoardSpeech
    var joints = InlineArray<4, Metal>(repeating: Metal())
    var isStopPressed = false
    /// Every bit that came out: drives and frames, one after the other.
    private(set) var trace = FowlerNoll()
    private(set) var ticks = 0
    /// What was said by itself, until somebody takes it.
    private(set) var reports: [Message] = []
    private var sender = Sender()
    private var receiver = Receiver()

    struct Metal {
        var position = 0.0
        var speed = 0.0
        var current = 0.0
        /// What flows beside what is wanted, as where a stage is broken.
        var leak = 0.0
        var temperature = 25.0
        var voltage = 24.0
        /// What it gains in speed from each newton metre in a second, and what the liquid takes for each radian a second.
        var mobility = 33.0
        var drag = 0.06

        mutating func advance(_ drive: StageDrive) {
            if case .current(let wanted) = drive { current = Double(wanted.value) } else { current = 0 }
            current += leak
            for _ in 0..<4 {
                speed += (current * 0.5 - drag * speed) * mobility * 0.000_25
                position += speed * 0.000_25
            }
        }
    }

    static func settings() throws -> BoardSettings {
        var settings = BoardSettings(
            chip: ChipIdentifier(high: 1, middle: 2, low: 3), firmwareBuild: DoubleWord(1), joints: .four,
            torqueConstant: NewtonMetresPerAmpere(0.5))
        settings.inputs = try #require(BoardInputCount(2))
        return settings
    }

    init(_ board: any BoardProgram, number: UInt32 = 1, ticksBetweenStates: UInt32 = 1) throws {
        self.board = board
        var settings = try Self.settings()
        settings.ticksBetweenStates = ticksBetweenStates
        board.start(settings, number: number)
        last = board.hear([], since: .zero, isStopPressed: false)
        take(last)
        tick()
    }

    /// One that is introduced, configured and armed.
    init(armed board: any BoardProgram) throws {
        try self.init(board)
        try arm()
    }

    /// One that is armed with its second joint near an end of its range, drives nothing and has nothing to say.
    init(nearTheEnd board: any BoardProgram, side: Double = 1) throws {
        try self.init(board)
        joints[1].position = 1.97 * side
        tick()
        try arm()
        command(.off)
        run(5)
        _ = takeReports()
    }

    mutating func arm(_ limits: Limits = Limits()) throws {
        introduce()
        #expect(try outcome(.configure(Self.configuration(limits))) == .accepted)
        #expect(try armAgain() == .accepted)
    }

    mutating func introduce() { send(.identify(Identify(layout: .ofThisBuild()))) }

    mutating func armAgain() throws -> Outcome? {
        guard case .challenge(let challenge)? = send(.askToArm).first else { return nil }
        return try outcome(.arm(Arm(nonce: challenge.nonce, envelope: EnvelopeHash(DoubleWord(42)))))
    }

    /// What is not the same in every configuration.
    struct Limits {
        var silence: Int32 = 100
        var reach: Float = 2
        var speed: Float = 6
        var current: Float = 8
        /// Of each joint.
        var braking: [Float] = [60, 60, 60, 60]
    }

    static func configuration(silence: Int32) throws -> Configure { try configuration(Limits(silence: silence)) }

    static func configuration(_ limits: Limits = Limits()) throws -> Configure {
        let position = try #require(Limit(Radians(-limits.reach), Radians(limits.reach)))
        let supply = try #require(Limit(Volts(18), Volts(28)))
        let bounds = try (UInt8(0)..<4).map { number in
            let index = try #require(JointIndex(number))
            return try #require(
                JointBounds(
                    joint: index, position: position, speed: RadiansPerSecond(limits.speed),
                    effort: NewtonMetres(3), temperature: Celsius(70), current: Amperes(limits.current),
                    braking: RadiansPerSecondSquared(limits.braking[Int(number)])))
        }
        return try #require(
            Configure(
                envelope: EnvelopeHash(DoubleWord(42)), supply: supply, silence: Ticks(limits.silence), bounds[0],
                bounds[1],
                bounds[2], bounds[3]))
    }

    var mode: BoardMode { last.mode }

    var isOff: Bool { (UInt8(0)..<4).compactMap(BoardJoint.init).allSatisfy { last.drives[$0] == .off } }

    mutating func tick(elapsed: Float = 0.001) {
        ticks += 1
        var measured = BoardMeasurement()
        for number in UInt8(0)..<4 {
            guard let joint = BoardJoint(number) else { continue }
            joints[Int(number)].advance(last.drives[joint])
            let metal = joints[Int(number)]
            measured.set(
                joint,
                to: JointMeasurement(
                    position: Radians(Float(metal.position)), speed: RadiansPerSecond(Float(metal.speed)),
                    current: Amperes(Float(metal.current)), voltage: Volts(Float(metal.voltage)),
                    temperature: Celsius(Float(metal.temperature))))
        }
        if let input = BoardInput(1) { measured.set(input, to: Int32(ticks)) }
        measured.isStopPressed = isStopPressed
        take(board.tick(measured, elapsed: Seconds(elapsed)))
    }

    mutating func run(_ ticks: Int) { for _ in 0..<ticks { tick() } }

    mutating func frame(_ message: Message) -> [UInt8] {
        let frame = sender.frame(message)
        return (0..<frame.count).map { frame[$0] }
    }

    @discardableResult
    mutating func send(_ message: Message) -> [Message] { send(frame(message)) }

    @discardableResult
    mutating func send(_ bytes: [UInt8]) -> [Message] {
        let speech = board.hear(bytes, since: Seconds(0.000_3), isStopPressed: isStopPressed)
        return take(speech)
    }

    mutating func outcome(_ message: Message) throws -> Outcome {
        guard case .answer(let answer)? = send(message).first else { throw BoardIsSilent() }
        return answer.outcome
    }

    struct BoardIsSilent: Error {}

    /// Every joint does the same.
    @discardableResult
    mutating func command(_ drive: Drive, lifetime: Int32 = 50) -> [Message] {
        var command = Command(lifetime: Ticks(lifetime), joints: .four)
        for number in UInt8(0)..<4 { if let joint = BoardJoint(number) { command.set(joint, to: drive) } }
        return send(.command(command))
    }

    mutating func keep(_ drive: Drive, ticks: Int) {
        for tick in 0..<ticks {
            if tick % 10 == 0 { command(drive) }
            self.tick()
        }
    }

    /// Somebody takes hold of all joints, and brings them to the middle.
    mutating func holdJoints() { for place in 0..<4 { (joints[place].position, joints[place].speed) = (0, 0) } }

    mutating func takeReports() -> [Message] {
        defer { reports = [] }
        return reports
    }

    /// The numbers of the faults that were reported since somebody asked.
    mutating func faults() -> [UInt8] {
        takeReports().compactMap { if case .faultReport(let found) = $0 { found.fault.rawValue } else { nil } }
    }

    /// Takes what a board said outside of all this.
    @discardableResult
    mutating func take(_ speech: BoardSpeech) -> [Message] {
        last = speech
        for number in UInt8(0)..<4 {
            guard let joint = BoardJoint(number) else { continue }
            if case .current(let current) = speech.drives[joint] {
                trace.add(current.value.bitPattern)
            } else {
                trace.add(0xFFFF_FFFF)
            }
        }
        let answers = messages(speech.answers)
        reports += messages(speech.reports)
        return answers
    }

    private mutating func messages(_ frames: [[UInt8]]) -> [Message] {
        var messages: [Message] = []
        for frame in frames {
            do throws(LinkError) {
                for byte in frame {
                    guard let packet = try receiver.receive(byte) else { continue }
                    messages.append(packet.message)
                    // Its build is an image's own.
                    if case .identification = packet.message { continue }
                    for byte in frame { trace.add(UInt32(byte)) }
                }
            } catch { Issue.record("a frame of the board: \(error)") }
        }
        return messages
    }
}

/// A hash that is easy to write down again elsewhere: FNV-1a over words.
struct FowlerNoll: Equatable {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt32) {
        for shift in [UInt32(0), 8, 16, 24] { value = (value ^ UInt64(word >> shift & 0xFF)) &* 0x100_0000_01B3 }
    }
}
