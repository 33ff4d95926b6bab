public import Ports

/// Feetech servos (STS and SMS) on a workbench.
public struct FeetechBench: ServoBench, ~Copyable {
    private var master: Feetech.Master<DeviceLine>

    public static var family: ServoFamily { .feetech }
    public static var ids: ClosedRange<UInt8> { 0...253 }
    public static var rates: [BaudRate] {
        (0...7).compactMap { Feetech.bitsPerSecond(code: $0).flatMap(BaudRate.init) }
    }
    public static var factory: (id: UInt8, rate: BaudRate) { (1, rates[0]) }
    public static var factoryRates: [BaudRate] { [rates[0]] }
    public static var bootTime: Duration { .seconds(1) }
    public static var wanted: [BenchWish] {
        [BenchWish(role: .returnDelay, value: 0), BenchWish(role: .statusLevel, value: 1)]
    }

    public init(_ line: consuming DeviceLine, rate: BaudRate?, patience: Duration) {
        master = Feetech.Master(line, rate: rate, patience: patience)
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

    /// With a ping: the master's own way is a write, although it names no servo.
    public mutating func probeEcho(by deadline: MonotonicInstant) throws(BenchFailure) {
        let last = try Self.servo(Self.ids.upperBound)
        try ask { (master) throws(Feetech.MasterFailure) in
            try master.encode { (writer) throws(EncodingError) in try writer.ping(last) }
            do throws(PortError) {
                try master.exchange.probeEcho(with: master.writer.bytes, by: deadline)
            } catch {
                throw .port(error)
            }
        }
    }

    /// A ping does not tell the model, so the model is read.
    public mutating func ping(
        _ id: UInt8, attempts: Int, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> ServoIdentity {
        let servo = try Self.servo(id)
        let model = try ask { (master) throws(Feetech.MasterFailure) in
            try master.read(.modelNumber, of: servo, by: deadline, attempts: attempts)
        }
        var firmware: [UInt8] = []
        for item in [Feetech.Item.firmwareMajor, .firmwareMinor] {
            let number = try ask { (master) throws(Feetech.MasterFailure) in
                try master.read(item, of: servo, by: deadline)
            }
            firmware.append(UInt8(truncatingIfNeeded: number))
        }
        return ServoIdentity(id: id, model: UInt32(model), firmware: firmware)
    }

    public mutating func read(
        _ register: BenchRegister, of id: UInt8, by deadline: MonotonicInstant
    ) throws(BenchFailure) -> Int64 {
        let servo = try Self.servo(id)
        guard let item = Self.item(register) else { throw .unrepresentable }
        return Int64(
            try ask { (master) throws(Feetech.MasterFailure) in try master.read(item, of: servo, by: deadline) })
    }

    public mutating func perform(_ step: BenchStep, by deadline: MonotonicInstant) throws(BenchFailure) {
        guard case .write(let number, let register) = step.act, let data = Self.data(number, register) else {
            throw .unrepresentable
        }
        let servo = try Self.servo(step.id)
        do throws(BenchFailure) {
            try ask { (master) throws(Feetech.MasterFailure) in
                try master.encode { (writer) throws(EncodingError) in
                    try writer.write(.one(servo), at: UInt8(truncatingIfNeeded: register.address), data.span)
                }
                try master.transact(with: servo, expecting: 0, by: deadline)
            }
        } catch .silent where step.mayBeUnanswered {}
    }

    /// What outlives a power cut is behind a lock.
    public static func steps(_ act: BenchAct, of id: UInt8) -> [BenchStep]? {
        guard case .write(_, let register) = act, let step = step(act, of: id) else { return nil }
        guard register.memory == .persistent else { return [step] }
        return lock(0, of: id).map { [$0, step] }
    }

    public static func closing(_ act: BenchAct, of id: UInt8) -> [BenchStep] {
        guard case .write(let number, let register) = act, register.memory == .persistent else { return [] }
        let now = register.role == .id ? UInt8(exactly: number) ?? id : id
        return lock(1, of: now).map { [$0] } ?? []
    }

    private static func lock(_ number: Int64, of id: UInt8) -> BenchStep? {
        register(.lock, ofModel: nil).flatMap { step(.write(number, to: $0), of: id) }
    }

    private static func step(_ act: BenchAct, of id: UInt8) -> BenchStep? {
        guard case .write(let number, let register) = act, let servo = Feetech.ServoID(id),
            let data = data(number, register)
        else { return nil }
        var writer = Feetech.Writer()
        do throws(EncodingError) {
            try writer.write(.one(servo), at: UInt8(truncatingIfNeeded: register.address), data.span)
        } catch { return nil }
        let bytes = writer.bytes
        return BenchStep(
            id: id, act: act, bytes: bytes.indices.map { bytes[$0] },
            mayBeUnanswered: register.role == .id || register.role == .rate)
    }

    private static func data(_ number: Int64, _ register: BenchRegister) -> RegisterBytes? {
        guard let item = item(register), let number = Int32(exactly: number) else { return nil }
        // 128 in torque enable would rewrite the middle of the servo.
        if item == .torqueEnable, number > 1 { return nil }
        return item.register.bytes(of: number)
    }

    private static func servo(_ id: UInt8) throws(BenchFailure) -> Feetech.ServoID {
        guard let servo = Feetech.ServoID(id) else { throw .unrepresentable }
        return servo
    }

    private mutating func ask<Answer>(
        _ question: (inout Feetech.Master<DeviceLine>) throws(Feetech.MasterFailure) -> Answer
    ) throws(BenchFailure) -> Answer {
        do throws(Feetech.MasterFailure) { return try question(&master) } catch { throw BenchFailure(error) }
    }
}

extension BenchFailure {
    init(_ failure: Feetech.MasterFailure) {
        switch failure {
        case .port(let error): self = .port(error)
        case .silent: self = .silent
        case .garbled, .notTaken: self = .garbled
        case .forbidden, .persistent, .tooLong: self = .unrepresentable
        }
    }
}
