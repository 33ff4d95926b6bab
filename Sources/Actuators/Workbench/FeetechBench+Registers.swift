import Ports
import Quantities

// What the registers of a Feetech servo are called, what they are for, and what their numbers stand for.

extension FeetechBench {
    public static func name(ofModel model: UInt32) -> String? {
        switch UInt16(exactly: model).flatMap(Feetech.Model.init) {
        case .sts3215: "STS3215"
        case .sts3250: "STS3250"
        case nil: nil
        }
    }

    /// All models keep the same table.
    public static func registers(ofModel model: UInt32?) -> [BenchRegister] {
        if let model, name(ofModel: model) == nil { return [] }
        return Feetech.Item.allCases.map { item in
            let own = item.register
            return BenchRegister(
                name: "\(item)", address: UInt16(own.address), width: UInt16(own.width),
                range: Int64(own.range.lowerBound)...Int64(own.range.upperBound), memory: own.memory,
                access: own.access, role: role(of: item))
        }
    }

    static func item(_ register: BenchRegister) -> Feetech.Item? {
        Feetech.Item.allCases.first { "\($0)" == register.name }
    }

    private static func role(of item: Feetech.Item) -> BenchRegister.Role {
        switch item {
        case .id: .id
        case .baudCode: .rate
        case .returnDelay: .returnDelay
        case .responseLevel: .statusLevel
        case .torqueEnable: .torque
        case .goalPosition, .goalPWM, .goalVelocity: .goal
        case .lock: .lock
        case .faults: .alarms
        case .presentVoltage: .voltage
        case .presentTemperature: .temperature
        case .presentPosition: .position
        case .mode: .mode
        case .minVoltage: .leastVoltage
        case .maxVoltage: .mostVoltage
        case .maxTemperature: .mostTemperature
        default: .other
        }
    }

    /// What a step of speed is depends on another register, so speeds stay numbers.
    public static func meaning(of number: Int64, in register: BenchRegister, model: UInt32?) -> RegisterMeaning? {
        guard let item = item(register) else { return nil }
        let units = Feetech.Units(phase: 0)
        let raw = Int32(truncatingIfNeeded: number)
        let byte = UInt8(truncatingIfNeeded: number)
        switch item {
        case .modelNumber: return name(ofModel: UInt32(truncatingIfNeeded: number)).map(RegisterMeaning.word)
        case .baudCode: return Feetech.bitsPerSecond(code: byte).flatMap(BaudRate.init).map(RegisterMeaning.rate)
        case .returnDelay: return .time(units.returnDelay(byte))
        case .minAngle, .maxAngle, .homingOffset, .goalPosition, .presentPosition: return .angle(units.position(raw))
        case .maxTemperature, .presentTemperature: return .temperature(units.temperature(byte))
        case .maxVoltage, .minVoltage, .presentVoltage: return .voltage(units.voltage(byte))
        case .maxTorque, .goalPWM, .torqueLimit, .presentLoad: return .duty(units.duty(raw))
        case .protectionCurrent, .presentCurrent: return .current(units.current(raw))
        case .torqueEnable, .lock, .moving: return .flag(number != 0)
        case .mode: return Feetech.OperatingMode(rawValue: byte).map { .word("\($0)") }
        case .faults: return .alarms(Feetech.ServoFaults(rawValue: byte).names)
        default: return nil
        }
    }

    /// A refusal has no number here: what was not taken shows when it is read back.
    public static func name(ofRefusal code: UInt8) -> String? { nil }

    /// None of them watches its host.
    public static func stopsByItself(_ identity: ServoIdentity) -> Bool { false }
}

extension Feetech.ServoFaults {
    /// Every complaint that it holds.
    var names: [String] {
        let all: [(isPresent: Bool, name: String)] = [
            (voltage, "voltage"), (encoder, "encoder"), (temperature, "temperature"), (current, "current"),
            (angle, "angle"), (overload, "overload"), (undocumented != 0, "undocumented"),
        ]
        return all.filter(\.isPresent).map(\.name)
    }
}
