public import Ports

/// Dynamixel servos on a workbench.
public struct DynamixelBench: ServoBench, ~Copyable {
    private var master: Dynamixel.Master<DeviceLine>

    public static var family: ServoFamily { .dynamixel }
    public static var ids: ClosedRange<UInt8> { 0...252 }
    /// 57 600 is how they leave the factory; 1 000 000 is what people set.
    public static var rates: [BaudRate] {
        [57_600, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 115_200, 4_500_000, 9_600].compactMap(BaudRate.init)
    }
    public static var factory: (id: UInt8, rate: BaudRate) { (1, rates[0]) }
    public static var factoryRates: [BaudRate] { Array(rates[..<2]) }
    public static var bootTime: Duration { .seconds(1) }
    public static var wanted: [BenchWish] {
        [
            BenchWish(role: .returnDelay, value: 0), BenchWish(role: .statusLevel, value: 2),
            BenchWish(role: .startup, value: 0),
        ]
    }

    public init(_ line: consuming DeviceLine, rate: BaudRate?, patience: Duration) {
        master = Dynamixel.Master(line, rate: rate, patience: patience)
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
        try ask { (master) throws(Dynamixel.ServoFailure) in try master.probeEcho(by: deadline) }
    }

    public mutating func ping(
        _ id: UInt8, attempts: Int, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> ServoIdentity {
        let servo = try Self.servo(id)
        let answer = try ask { (master) throws(Dynamixel.ServoFailure) in
            try master.ping(servo, by: deadline, attempts: attempts)
        }
        return ServoIdentity(id: id, model: UInt32(answer.model), firmware: [answer.firmware.rawValue])
    }

    public mutating func read(
        _ register: BenchRegister, of id: UInt8, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> Int64 {
        let servo = try Self.servo(id)
        guard let own = Self.own(register) else { throw .unrepresentable }
        return try ask { (master) throws(Dynamixel.ServoFailure) in try master.read(own, of: servo, by: deadline) }
    }

    public mutating func perform(_ step: BenchStep, by deadline: MonotonicInstant) throws(BenchFailure) {
        do throws(BenchFailure) { try carryOut(step, by: deadline) } catch .silent where step.mayBeUnanswered {}
    }

    private mutating func carryOut(_ step: BenchStep, by deadline: MonotonicInstant) throws(BenchFailure) {
        let servo = try Self.servo(step.id)
        switch step.act {
        case .reboot:
            try ask { (master) throws(Dynamixel.ServoFailure) in try master.reboot(servo, by: deadline) }
        case .write(let number, let register):
            guard let own = Self.own(register) else { throw .unrepresentable }
            try ask { (master) throws(Dynamixel.ServoFailure) in
                try master.write(number, to: own, of: servo, by: deadline)
            }
        }
    }

    public static func closing(_ act: BenchAct, of id: UInt8) -> [BenchStep] { [] }

    public static func steps(_ act: BenchAct, of id: UInt8) -> [BenchStep]? {
        guard let servo = Dynamixel.ServoID(id), let bytes = try? bytes(act, of: servo) else { return nil }
        return [BenchStep(id: id, act: act, bytes: bytes, mayBeUnanswered: isLeaving(act))]
    }

    private static func isLeaving(_ act: BenchAct) -> Bool {
        guard case .write(_, let register) = act else { return false }
        return register.role == .id || register.role == .rate
    }

    private static func bytes(_ act: BenchAct, of servo: Dynamixel.ServoID) throws(EncodingError) -> [UInt8] {
        var writer = Dynamixel.Writer()
        switch act {
        case .reboot: try writer.reboot(servo)
        case .write(let number, let register):
            guard let data = own(register)?.bytes(of: number) else { throw .tooLong }
            try writer.write(.one(servo), at: register.address, data.span)
        }
        let written = writer.bytes
        return written.indices.map { written[$0] }
    }

    private static func servo(_ id: UInt8) throws(BenchFailure) -> Dynamixel.ServoID {
        guard let servo = Dynamixel.ServoID(id) else { throw .unrepresentable }
        return servo
    }

    private mutating func ask<Answer>(
        _ question: (inout Dynamixel.Master<DeviceLine>) throws(Dynamixel.ServoFailure) -> Answer
    ) throws(BenchFailure) -> Answer {
        do throws(Dynamixel.ServoFailure) { return try question(&master) } catch { throw BenchFailure(error) }
    }
}

extension BenchFailure {
    init(_ failure: Dynamixel.ServoFailure) {
        switch failure {
        case .port(let error): self = .port(error)
        case .silent: self = .silent
        case .garbled, .wrongWidth, .notTaken: self = .garbled
        case .refused(_, let reason): self = .refused(code: reason.code)
        case .tooLong: self = .unrepresentable
        }
    }
}
