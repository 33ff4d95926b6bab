import BoardLink
public import Quantities

// The simulation port: how a board whose sensors and power stages are not there is told what it would have measured, and
// tells what it would have done. One request, one answer, both of one size; time passes only between the two. It exists
// in a simulator only: a board on silicon never opens it.

/// What the simulator asks of the board.
public enum SimulationRequest: Sendable {
    /// What the electronics are; the first request after a start.
    case begin(BoardSettings, salt: UInt32)
    /// Take from the line what has come, up to this many bytes since the start of the line.
    case hear(upTo: UInt32, since: Seconds, isStopPressed: Bool)
    /// So much time has passed: a millisecond, unless a tick was missed or a clock is wrong.
    case tick(BoardMeasurement, elapsed: Seconds)
    /// The power stage breaks.
    case fail
    /// Go wrong on purpose, in the middle of a tick.
    case injure(Injury)
}

/// How a board can be made to go wrong. What the supervisor does about the rest of the world is none of these.
public enum Injury: UInt32, Equatable, Sendable {
    /// The loop does not come round.
    case hang = 1
    /// A store to where nothing is.
    case busFault = 2
    /// A jump to where no program is.
    case wildCounter = 3
    /// An array index out of its bounds.
    case trap = 4
    /// Recursion without an end.
    case stackExhaustion = 5
    /// A store over the canary behind the stack.
    case memoryDamage = 6
    /// A fault whose handler cannot even save its frame.
    case doubleFault = 7
    /// The loop and the tick's interrupt stand still together: only a watchdog outside of the program is left.
    case deafHang = 8
}

/// Words of 32 bits, low byte first, as they lie in the memory of both sides.
public struct SimulationWords: Sendable {
    public static var count: Int { 40 }
    /// In bytes.
    public static var size: Int { 160 }

    public private(set) var words = InlineArray<40, UInt32>(repeating: 0)

    public init() {}

    public subscript(place: Int) -> UInt32 {
        get { words[place] }
        set { words[place] = newValue }
    }

    /// A place past the last word is our own mistake.
    mutating func put(_ number: Float, at place: Int) { words[place] = number.bitPattern }

    func number(at place: Int) -> Float { Float(bitPattern: words[place]) }
}

extension SimulationRequest {
    /// The words of it, and the number under which its answer is known.
    public func words(number: UInt32) -> SimulationWords {
        var words = SimulationWords()
        words[0] = number
        switch self {
        case .begin(let settings, let salt):
            words[1] = 1
            words[2] = salt
            settings.put(into: &words)
        case .hear(let end, let since, let isStopPressed):
            words[1] = 2
            words[2] = end
            words[3] = isStopPressed ? 1 : 0
            words.put(since.value, at: 4)
        case .tick(let measured, let elapsed):
            words[1] = 3
            words.put(elapsed.value, at: 28)
            measured.put(into: &words)
        case .fail: words[1] = 4
        case .injure(let injury):
            words[1] = 5
            words[2] = injury.rawValue
        }
        return words
    }

    /// Nil for words that are none of these.
    public init?(_ words: SimulationWords) {
        switch words[1] {
        case 1:
            guard let settings = BoardSettings(words) else { return nil }
            self = .begin(settings, salt: words[2])
        case 2: self = .hear(upTo: words[2], since: Seconds(words.number(at: 4)), isStopPressed: words[3] != 0)
        case 3: self = .tick(BoardMeasurement(words), elapsed: Seconds(words.number(at: 28)))
        case 4: self = .fail
        case 5:
            guard let injury = Injury(rawValue: words[2]) else { return nil }
            self = .injure(injury)
        default: return nil
        }
    }
}

extension BoardSettings {
    /// Layout and build are the program's own.
    fileprivate func put(into words: inout SimulationWords) {
        words[3] = chip.high
        words[4] = chip.middle
        words[5] = chip.low
        words[6] = UInt32(truncatingIfNeeded: Int(joints.rawValue))
        words[7] = UInt32(truncatingIfNeeded: Int(inputs.rawValue))
        words[8] = ticksBetweenStates
        words.put(torqueConstant.value, at: 9)
        words.put(most.speed.value, at: 10)
        words.put(most.effort.value, at: 11)
        words.put(most.current.value, at: 12)
        words.put(most.temperature.value, at: 13)
        words.put(most.supply.value, at: 14)
        words[15] = UInt32(bitPattern: most.silence.rawValue)
        words[16] = firmwareBuild.high
        words[17] = firmwareBuild.low
        words.put(most.braking.value, at: 18)
    }

    fileprivate init?(_ words: SimulationWords) {
        guard
            let joints = BoardJointCount(UInt8(truncatingIfNeeded: words[6])),
            let inputs = BoardInputCount(UInt8(truncatingIfNeeded: words[7])), words[8] > 0
        else { return nil }
        self.init(
            chip: ChipIdentifier(high: words[3], middle: words[4], low: words[5]),
            firmwareBuild: DoubleWord(high: words[16], low: words[17]), joints: joints,
            torqueConstant: NewtonMetresPerAmpere(words.number(at: 9)))
        self.inputs = inputs
        ticksBetweenStates = words[8]
        most.speed = RadiansPerSecond(words.number(at: 10))
        most.effort = NewtonMetres(words.number(at: 11))
        most.current = Amperes(words.number(at: 12))
        most.temperature = Celsius(words.number(at: 13))
        most.supply = Volts(words.number(at: 14))
        most.silence = Ticks(Int32(bitPattern: words[15]))
        most.braking = RadiansPerSecondSquared(words.number(at: 18))
    }
}

extension BoardMeasurement {
    // Five words a joint from the fourth on, one an input behind them.
    fileprivate func put(into words: inout SimulationWords) {
        words[2] = (isStopPressed ? 1 : 0) | (isStageBroken ? 2 : 0)
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            let measured = self[joint]
            let place = 4 + 5 * Int(position)
            words.put(measured.position.value, at: place)
            words.put(measured.speed.value, at: place + 1)
            words.put(measured.current.value, at: place + 2)
            words.put(measured.voltage.value, at: place + 3)
            words.put(measured.temperature.value, at: place + 4)
            position += 1
        }
        position = 0
        while let input = BoardInputCount.four.input(at: position) {
            if let counts = self[input] {
                words[3] |= 1 << position
                words[24 + Int(position)] = UInt32(bitPattern: counts)
            }
            position += 1
        }
    }

    fileprivate init(_ words: SimulationWords) {
        self.init()
        isStopPressed = words[2] & 1 != 0
        isStageBroken = words[2] & 2 != 0
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            let place = 4 + 5 * Int(position)
            set(
                joint,
                to: JointMeasurement(
                    position: Radians(words.number(at: place)), speed: RadiansPerSecond(words.number(at: place + 1)),
                    current: Amperes(words.number(at: place + 2)), voltage: Volts(words.number(at: place + 3)),
                    temperature: Celsius(words.number(at: place + 4))))
            position += 1
        }
        position = 0
        while let input = BoardInputCount.four.input(at: position) {
            let isKnown = words[3] & (1 << position) != 0
            set(input, to: isKnown ? Int32(bitPattern: words[24 + Int(position)]) : nil)
            position += 1
        }
    }
}
