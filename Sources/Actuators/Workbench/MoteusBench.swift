public import Ports
import Quantities

/// moteus controllers on a workbench, behind an adapter that speaks lines of text. They are looked at and read; what
/// they keep is set through their own console, with their maker's program.
public struct MoteusBench: ServoBench, ~Copyable {
    private var master: Moteus.Master<DeviceLine>

    public static var family: ServoFamily { .moteus }
    public static var ids: ClosedRange<UInt8> { 1...0x6F }
    /// Of the adapter's terminal, which USB does not heed; the CAN bus behind it has one rate for all.
    public static var rates: [BaudRate] { [115_200].compactMap(BaudRate.init) }
    public static var factory: (id: UInt8, rate: BaudRate) { (1, rates[0]) }
    public static var factoryRates: [BaudRate] { rates }
    public static var bootTime: Duration { .seconds(2) }
    public static var wanted: [BenchWish] { [] }

    public init(_ line: consuming DeviceLine, rate: BaudRate?, patience: Duration) {
        // Bytes take no time on a port whose rate is not heeded.
        master = Moteus.Master(line, rate: nil, hasChecksum: false, patience: patience)
    }

    public consuming func takeLine() -> DeviceLine { master.takePort() }

    public mutating func setRate(_ rate: BaudRate) throws(PortError) {
        try master.exchange.setRate(rate) { (line, rate) throws(PortError) in try line.setBaudRate(rate) }
    }

    public var now: MonotonicInstant { master.exchange.now }
    public var counters: BusCounters { master.counters }
    public var timing: BusTiming { master.timing }
    public var patience: Duration {
        get { master.exchange.patience }
        set { master.exchange.patience = newValue }
    }

    public mutating func probeEcho(by deadline: MonotonicInstant) throws(BenchFailure) {
        try ask { (master) throws(Moteus.MasterFailure) in try master.probeEcho(by: deadline) }
    }

    public mutating func ping(
        _ id: UInt8, attempts: Int, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> ServoIdentity {
        let controller = try Self.controller(id)
        let kind = try ask { (master) throws(Moteus.MasterFailure) in
            try master.read(.model, count: 2, of: controller, by: deadline, attempts: attempts)
        }
        let version = [16, 8, 0].map { UInt8(truncatingIfNeeded: kind[1] >> UInt32($0)) }
        return ServoIdentity(id: id, model: kind[0], firmware: version)
    }

    public mutating func read(
        _ register: BenchRegister, of id: UInt8, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> Int64 {
        let controller = try Self.controller(id)
        let words = try ask { (master) throws(Moteus.MasterFailure) in
            try master.read(Moteus.Register(register.address), count: 1, of: controller, by: deadline)
        }
        return Int64(Int32(bitPattern: words[0]))
    }

    public mutating func perform(_ step: BenchStep, by deadline: MonotonicInstant) throws(BenchFailure) {
        throw .unrepresentable
    }

    public static func steps(_ act: BenchAct, of id: UInt8) -> [BenchStep]? { nil }
    public static func closing(_ act: BenchAct, of id: UInt8) -> [BenchStep] { [] }

    /// Every command carries the time after which it is void.
    public static func stopsByItself(_ identity: ServoIdentity) -> Bool { true }

    private static func controller(_ id: UInt8) throws(BenchFailure) -> Moteus.ControllerID {
        guard let controller = Moteus.ControllerID(id) else { throw .unrepresentable }
        return controller
    }

    private mutating func ask<Answer>(
        _ question: (inout Moteus.Master<DeviceLine>) throws(Moteus.MasterFailure) -> Answer
    ) throws(BenchFailure) -> Answer {
        do throws(Moteus.MasterFailure) { return try question(&master) } catch { throw BenchFailure(error) }
    }
}

extension BenchFailure {
    init(_ failure: Moteus.MasterFailure) {
        switch failure {
        case .port(let error): self = .port(error)
        case .silent: self = .silent
        case .garbled: self = .garbled
        case .refused(_, _, let code): self = .refused(code: UInt8(truncatingIfNeeded: code))
        case .tooLong: self = .unrepresentable
        }
    }
}

// What the registers are called, what they are for, and what their numbers stand for. All are read as four bytes.
extension MoteusBench {
    /// The boards differ in size and not in their registers.
    public static func name(ofModel model: UInt32) -> String? { "moteus" }

    private static let known: [(name: String, register: Moteus.Register, role: BenchRegister.Role)] = [
        ("mode", .mode, .mode), ("position", .position, .position), ("velocity", .velocity, .other),
        ("torque", .torque, .other), ("qCurrent", .qCurrent, .other), ("dCurrent", .dCurrent, .other),
        ("absolutePosition", .absolutePosition, .other), ("motorTemperature", .motorTemperature, .other),
        ("voltage", .voltage, .voltage), ("boardTemperature", .boardTemperature, .temperature),
        ("fault", .fault, .alarms), ("millisecondCounter", .millisecondCounter, .clock), ("model", .model, .other),
        ("firmware", .firmware, .other), ("registerMapVersion", .registerMapVersion, .other),
    ]

    public static func registers(ofModel model: UInt32?) -> [BenchRegister] {
        known.map {
            BenchRegister(
                name: $0.name, address: $0.register.rawValue, width: 4, range: Int64(Int32.min)...Int64(Int32.max),
                memory: .volatile, access: .readOnly, role: $0.role)
        }
    }

    public static func meaning(of number: Int64, in register: BenchRegister, model: UInt32?) -> RegisterMeaning? {
        let own = Moteus.Register(register.address)
        switch own {
        case .mode: return UInt8(exactly: number).flatMap(Moteus.Mode.init).map { .word("\($0)") }
        case .fault:
            guard let byte = UInt8(exactly: number), byte != 0 else { return .alarms([]) }
            let condition = Moteus.Condition(rawValue: byte)
            let name = condition.fault.map { "\($0)" } ?? condition.limiter.map { "limited by \($0)" }
            return .alarms([name ?? "\(byte)"])
        default: break
        }
        guard let value = Moteus.Word.int32(Int32(truncatingIfNeeded: number)).value(in: own.scale) else { return nil }
        switch own.scale {
        case .revolutions: return .angle(Radians(value * 2 * .pi))
        case .revolutionsPerSecond: return .speed(RadiansPerSecond(value * 2 * .pi))
        case .amperes: return .current(Amperes(value))
        case .volts: return .voltage(Volts(value))
        case .celsius: return .temperature(Celsius(value))
        case .seconds: return .time(Seconds(value))
        case .newtonMetres: return .torque(NewtonMetres(value))
        case .count, .revolutionsPerSecondSquared, .share, .watts: return nil
        }
    }

    public static func name(ofRefusal code: UInt8) -> String? { nil }
}
