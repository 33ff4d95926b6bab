public import Ports
public import Quantities

/// The families of servos that a person at a workbench can talk to.
public enum ServoFamily: String, CaseIterable, Sendable {
    case dynamixel, feetech, moteus
}

/// One servo at a time, whatever language it speaks: what a person at a workbench asks.
///
/// A bench knows numbers, registers and rates. Nothing of it moves anything but `perform`, which does what its step says.
public protocol ServoBench: ~Copyable {
    static var family: ServoFamily { get }
    /// The numbers that a servo may have.
    static var ids: ClosedRange<UInt8> { get }
    /// Those that a servo can be set to, the likeliest first.
    static var rates: [BaudRate] { get }
    /// How servos leave the factory.
    static var factory: (id: UInt8, rate: BaudRate) { get }
    /// The rates at which new servos come: that of the factory, and those of older ones.
    static var factoryRates: [BaudRate] { get }
    /// How long a servo is silent after a reboot, at most.
    static var bootTime: Duration { get }

    init(_ line: consuming DeviceLine, rate: BaudRate?, patience: Duration)
    consuming func takeLine() -> DeviceLine

    /// Goes on at another rate; on a line without one, nothing changes.
    mutating func setRate(_ rate: BaudRate) throws(PortError)

    /// The clock of the line, by which deadlines are told.
    var now: MonotonicInstant { get }
    var counters: BusCounters { get }
    var timing: BusTiming { get }
    /// How much later than wire and servo need an answer may come.
    var patience: Duration { get set }

    /// Finds out whether the adapter repeats what it sends.
    mutating func probeEcho(by deadline: MonotonicInstant) throws(BenchFailure)
    mutating func ping(
        _ id: UInt8, attempts: Int, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> ServoIdentity
    mutating func read(
        _ register: BenchRegister, of id: UInt8, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> Int64
    /// Sends what the step says, and hears that it was taken.
    mutating func perform(_ step: BenchStep, by deadline: MonotonicInstant) throws(BenchFailure)

    /// nil for a model whose registers are not known here.
    static func name(ofModel model: UInt32) -> String?
    /// Every register of a model; without one, those that any model of the family has. Empty for an unknown model.
    static func registers(ofModel model: UInt32?) -> [BenchRegister]
    /// What a number in a register stands for; nil when that is not known, or differs between models and none is given.
    static func meaning(of number: Int64, in register: BenchRegister, model: UInt32?) -> RegisterMeaning?
    /// What has to be sent for an act; nil when it cannot be expressed.
    static func steps(_ act: BenchAct, of id: UInt8) -> [BenchStep]?
    /// What has to be sent afterwards, under the new number and at the new rate where the act has changed them; whether
    /// it went well or not.
    static func closing(_ act: BenchAct, of id: UInt8) -> [BenchStep]
    /// Whether a servo stops when its host falls silent.
    static func stopsByItself(_ identity: ServoIdentity) -> Bool
    /// How a servo of a robot should be set.
    static var wanted: [BenchWish] { get }
    /// What the number in a refusal means, in the family's own words.
    static func name(ofRefusal code: UInt8) -> String?
}

extension ServoBench where Self: ~Copyable {
    public static func register(_ role: BenchRegister.Role, ofModel model: UInt32?) -> BenchRegister? {
        registers(ofModel: model).first { $0.role == role }
    }

    /// The number that stands for a rate in the servo's own register.
    public static func code(of rate: BaudRate, model: UInt32?) -> Int64? {
        guard let register = register(.rate, ofModel: model) else { return nil }
        return (0...15).first { meaning(of: $0, in: register, model: model) == .rate(rate) }
    }
}

/// What a servo says of itself.
public struct ServoIdentity: Equatable, Sendable {
    public let id: UInt8
    public let model: UInt32
    /// The version of its own program: one number, or several with points between them.
    public let firmware: [UInt8]

    public init(id: UInt8, model: UInt32, firmware: [UInt8]) {
        self.id = id
        self.model = model
        self.firmware = firmware
    }
}

/// One register, whatever family it belongs to.
public struct BenchRegister: Hashable, Sendable {
    /// What it is for, as far as a workbench has to know.
    public enum Role: Hashable, Sendable {
        case id, rate, returnDelay, statusLevel, startup, torque, goal, watchdog
        case alarms, voltage, temperature, position
        /// What the motor follows, and between which bounds the servo itself stays on.
        case mode, leastVoltage, mostVoltage, mostTemperature
        /// The servo's own.
        case clock
        /// Keeps the registers that survive a loss of power closed.
        case lock
        /// A light; nothing else follows from it.
        case light
        case other
    }

    public let name: String
    public let address: UInt16
    public let width: UInt16
    /// The numbers that its bytes can hold, whatever the servo then says to them.
    public let range: ClosedRange<Int64>
    public let memory: Memory
    public let access: Access
    public let role: Role
}

/// What a person wants of a servo.
public enum BenchAct: Equatable, Sendable {
    case write(Int64, to: BenchRegister)
    case reboot
}

/// One request that changes something, and the bytes that ask for it.
public struct BenchStep: Equatable, Sendable {
    public let id: UInt8
    public let act: BenchAct
    public let bytes: [UInt8]
    /// Whether the answer may come from elsewhere: the step changes who answers, or at which rate.
    public let mayBeUnanswered: Bool
}

/// A setting as a robot wants it.
public struct BenchWish: Equatable, Sendable {
    public let role: BenchRegister.Role
    public let value: Int64
}

/// Why a servo on a bench did not do what it was asked.
public enum BenchFailure: Error, Equatable, Sendable {
    case port(PortError)
    /// Nothing came.
    case silent
    /// Something came, and never intact.
    case garbled
    /// It received the request and would not do it; the number is its maker's.
    case refused(code: UInt8)
    /// The number does not fit, or there is no such request.
    case unrepresentable
}

/// What a number in a register stands for.
public enum RegisterMeaning: Equatable, Sendable {
    case angle(Radians)
    case speed(RadiansPerSecond)
    case acceleration(RadiansPerSecondSquared)
    case current(Amperes)
    case duty(Duty)
    case torque(NewtonMetres)
    case voltage(Volts)
    case temperature(Celsius)
    case time(Seconds)
    case rate(BaudRate)
    case flag(Bool)
    /// One of several words of the maker, as this program spells it.
    case word(String)
    /// What a servo complains about; empty for nothing.
    case alarms([String])
}
