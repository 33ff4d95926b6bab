public import Actuators
import Quantities
public import Simulator

/// One servo of the STS series: its memory, its firmware and how it drives its motor.
///
/// There is no watchdog. The last goal stays in force for as long as there is power, whether or not a master is left.
public struct FeetechServo: Equatable, Sendable {
    /// For which supply a servo was built; nothing but its voltage limits tells the two apart.
    public enum Supply: Equatable, Sendable {
        case sevenVolts
        case twelveVolts

        var highest: Int { self == .sevenVolts ? 80 : 140 }
        var lowest: Int { 40 }
    }

    /// What a servo is before anybody writes to it.
    public struct Identity: Equatable, Sendable {
        public let id: Feetech.ServoID
        public let model: Feetech.Model
        public let supply: Supply
        /// What the encoder reads where the joint's angle is zero.
        public let reading: Int32
        /// The second number of the firmware's version; the first is 3.
        public let firmwareMinor: UInt8
        /// How long it waits before an answer, in steps of 2 µs; 250 is what the factory sets.
        public let returnDelay: UInt8

        public init(
            id: Feetech.ServoID, model: Feetech.Model, supply: Supply, readingAtZero reading: Int32 = 2_048,
            firmwareMinor: UInt8 = 10, returnDelay: UInt8 = 250
        ) {
            self.returnDelay = returnDelay
            self.firmwareMinor = firmwareMinor
            self.id = id
            self.model = model
            self.supply = supply
            self.reading = reading
        }
    }

    public let identity: Identity
    public internal(set) var drive = MotorDrive.off
    var memory: FeetechMemory
    var motion = FeetechMotion()
    var guards = FeetechGuards()
    /// What the sensors said last; nil until the firmware has looked for the first time.
    var sight: FeetechSight?
    /// An encoder of one turn does not tell which turn it is: the servo counts from the one that it wakes up in.
    var firstTurn: Int?
    /// The rate that the receiver was set to when the firmware last had time for it.
    var baudCode: UInt8 = 0
    private var waiting: (address: UInt8, data: [UInt8])?
    /// What is told and not yet acted on; nil while everything counts at once.
    private var late: LateCommands<FeetechGoals>?
    private var due: FeetechGoals?

    public init(_ identity: Identity) {
        self.identity = identity
        memory = FeetechMemory(identity)
    }

    /// The power went and came back.
    public mutating func restart() {
        memory.restart()
        drive = .off
        motion = FeetechMotion()
        guards = FeetechGuards()
        sight = nil
        firstTurn = nil
        waiting = nil
        forgetLate()
    }

    var id: UInt8 { UInt8(memory[.id]) }

    func number(of item: Feetech.Item) -> Int { memory[item] }

    public static func == (left: Self, right: Self) -> Bool {
        left.identity == right.identity && left.drive == right.drive && left.memory == right.memory
            && left.motion == right.motion && left.guards == right.guards && left.sight == right.sight
            && left.firstTurn == right.firstTurn && left.late == right.late && left.due == right.due
            && left.waiting?.address == right.waiting?.address && left.waiting?.data == right.waiting?.data
    }
}

// What it makes of instructions.
extension FeetechServo {
    /// Carries out a request that is for this servo, and says what goes back; nil is silence.
    ///
    /// - Parameters:
    ///   - isAlone: nobody else was addressed, so that an answer is awaited.
    ///   - alias: the number to answer under, if not its own.
    mutating func carryOut(
        _ request: Feetech.Request, _ parameters: [UInt8], isAlone: Bool, as alias: UInt8?
    ) -> [UInt8]? {
        // A number that this very request changes holds from the next one on.
        let own = id
        let sender = alias ?? own
        switch request {
        case .ping: return status(from: sender, [])
        case .read(let region): return isAlone ? memory.read(region).flatMap { status(from: sender, $0) } : nil
        case .write(let address): write([UInt8](parameters.dropFirst()), at: address)
        case .registerWrite(let address):
            waiting = (address, [UInt8](parameters.dropFirst()))
            memory[.asyncWrite] = 1
        case .action:
            if let waiting { write(waiting.data, at: waiting.address) }
            waiting = nil
            memory[.asyncWrite] = 0
        case .syncRead(let region): return memory.read(region).flatMap { status(from: sender, $0) }
        case .syncWrite(let region):
            if let id = Feetech.ServoID(own), let share = request.share(of: id, in: parameters.span) {
                write([UInt8](parameters[share.data]), at: region.address)
            }
            return nil
        }
        return isAlone && memory[.responseLevel] != 0 ? status(from: sender, []) : nil
    }

    private func status(from sender: UInt8, _ data: [UInt8]) -> [UInt8]? {
        guard let id = Feetech.ServoID(sender) else { return nil }
        var writer = Feetech.Writer()
        do throws(EncodingError) {
            try writer.status(from: id, Feetech.ServoFaults(rawValue: UInt8(memory[.faults])), data.span)
        } catch { return nil }
        return writer.bytes.indices.map { writer.bytes[$0] }
    }

    /// Writing does not only store: some registers are levers.
    private mutating func write(_ data: [UInt8], at address: UInt8) {
        memory.write(data, at: address)
        let touched = Int(address)..<Int(address) + data.count
        if touched.contains(Int(Feetech.Item.torqueEnable.register.address)) { torqueWritten() }
        if touched.contains(Int(Feetech.Item.goalPosition.register.address)) { goalWritten() }
        if touched.contains(Int(Feetech.Item.mode.register.address)) { motion.startOver() }
    }

    private mutating func torqueWritten() {
        switch memory[.torqueEnable] {
        case Self.declareMiddle: declareMiddle()
        case 1:
            guards.release()
            motion.startOver()
            forgetLate()
        default: break
        }
    }

    private static let declareMiddle = 128

    /// The present position is 2048 from now on, and the goal moves along. It is kept even by a locked servo.
    private mutating func declareMiddle() {
        memory[.torqueEnable] = 0
        guard let sight else { return }
        let offset = sight.reading - FeetechSight.middle
        firstTurn = sight.turn
        memory.keep(min(max(offset, -2_047), 2_047), in: .homingOffset)
        memory[.goalPosition] = FeetechSight.middle
        look(at: sight.state)
    }

    /// A goal switches the torque on by itself, and one in the other direction ends an overload.
    private mutating func goalWritten() {
        let mode = FeetechMode(memory[.mode])
        guard mode == .position || mode == .step else { return }
        if memory[.torqueEnable] != 1 { forgetLate() }
        memory[.torqueEnable] = 1
        let present = sight?.way ?? 0
        if mode == .step { motion.stepBy(memory[.goalPosition], from: present) }
        let way = mode == .step ? memory[.goalPosition] : memory[.goalPosition] - present
        guards.goalSet(way: way)
    }
}

// A servo that acts late on what it is told: its registers show the goals at once, and its loops go by those of before. The
// mode of steps counts them as they are written.
extension FeetechServo {
    mutating func delayCommands(by milliseconds: Int) {
        late = LateCommands(rounds: milliseconds, filled: FeetechGoals(memory))
        due = late.map { _ in FeetechGoals(memory) }
    }

    /// What was told before torque came never counts.
    private mutating func forgetLate() {
        guard late != nil else { return }
        late?.fill(with: FeetechGoals(memory))
        due = FeetechGoals(memory)
    }

    /// What the loops go by in this round, which takes a millisecond, or none where somebody only looks.
    mutating func obeyed(over time: Double) -> FeetechGoals {
        let told = FeetechGoals(memory)
        if time > 0, let next = late?.pass(told) { due = next }
        return due ?? told
    }
}

/// What a servo's loops are told, as its registers have it.
struct FeetechGoals: Equatable, Sendable {
    let position: Int
    let velocity: Int
    let acceleration: Int
    let pwm: Int

    init(_ memory: FeetechMemory) {
        position = memory[.goalPosition]
        velocity = memory[.goalVelocity]
        acceleration = memory[.acceleration]
        pwm = memory[.goalPWM]
    }
}
