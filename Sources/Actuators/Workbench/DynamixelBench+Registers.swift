import Ports
import Quantities

// What the registers of a Dynamixel servo are called, what they are for, and what their numbers stand for.

extension DynamixelBench {
    public static func name(ofModel model: UInt32) -> String? { known(model).map(\.productName) }

    private static func known(_ model: UInt32) -> Dynamixel.Model? {
        UInt16(exactly: model).flatMap(Dynamixel.Model.init)
    }

    public static func registers(ofModel model: UInt32?) -> [BenchRegister] {
        let items = Dynamixel.Item.allCases
        guard let model else { return items.compactMap { item in benchRegister(item, anywhere(item)) } }
        guard let known = known(model) else { return [] }
        return items.compactMap { item in benchRegister(item, known.register(item)) }
    }

    /// An item stands at the same address in every model that has it.
    private static func anywhere(_ item: Dynamixel.Item) -> Dynamixel.Register? {
        Dynamixel.Model.allCases.lazy.compactMap { $0.register(item) }.first
    }

    private static func benchRegister(_ item: Dynamixel.Item, _ own: Dynamixel.Register?) -> BenchRegister? {
        own.map {
            BenchRegister(
                name: "\(item)", address: $0.address, width: $0.width, range: $0.range, memory: $0.memory,
                access: $0.access, role: role(of: item))
        }
    }

    static func own(_ register: BenchRegister) -> Dynamixel.Register? { item(register).flatMap { anywhere($0) } }

    private static func item(_ register: BenchRegister) -> Dynamixel.Item? {
        Dynamixel.Item.allCases.first { "\($0)" == register.name }
    }

    private static func role(of item: Dynamixel.Item) -> BenchRegister.Role {
        switch item {
        case .id: .id
        case .baudCode: .rate
        case .returnDelay: .returnDelay
        case .statusReturnLevel: .statusLevel
        case .startupConfiguration: .startup
        case .torqueEnable: .torque
        case .goalPWM, .goalCurrent, .goalVelocity, .goalPosition: .goal
        case .busWatchdog: .watchdog
        case .hardwareErrorStatus: .alarms
        case .presentInputVoltage: .voltage
        case .presentTemperature: .temperature
        case .presentPosition: .position
        case .operatingMode: .mode
        case .minVoltageLimit: .leastVoltage
        case .maxVoltageLimit: .mostVoltage
        case .temperatureLimit: .mostTemperature
        case .realtimeTick: .clock
        case .led: .light
        default: .other
        }
    }

    public static func meaning(of number: Int64, in register: BenchRegister, model: UInt32?) -> RegisterMeaning? {
        guard let item = item(register) else { return nil }
        if let model { return known(model).flatMap { $0.meaning(of: number, in: item) } }
        let all = Dynamixel.Model.allCases.filter { $0.register(item) != nil }.compactMap {
            $0.meaning(of: number, in: item)
        }
        guard let first = all.first, all.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    public static func stopsByItself(_ identity: ServoIdentity) -> Bool {
        guard let model = known(identity.model), let firmware = identity.firmware.first else { return false }
        return model.hasBusWatchdog(with: Dynamixel.Firmware(firmware))
    }

    public static func name(ofRefusal code: UInt8) -> String? {
        switch Dynamixel.Failure(code: code) {
        case .unknown: nil
        case let failure: "\(failure)"
        }
    }
}

extension Dynamixel.Model {
    /// As it is printed on the servo.
    public var productName: String {
        switch self {
        case .xm430W350: "XM430-W350"
        case .xm430W210: "XM430-W210"
        case .xl430W250: "XL430-W250"
        case .doubleXL430W250: "2XL430-W250"
        case .xm540W270: "XM540-W270"
        case .xm540W150: "XM540-W150"
        case .xl330M077: "XL330-M077"
        case .xl330M288: "XL330-M288"
        }
    }

    func meaning(of number: Int64, in item: Dynamixel.Item) -> RegisterMeaning? {
        switch item {
        case .baudCode, .operatingMode, .busWatchdog, .hardwareErrorStatus, .shutdown, .modelNumber: word(number, item)
        case .torqueEnable, .led, .moving, .registeredInstruction, .backupReady: .flag(number != 0)
        default: quantity(number, item)
        }
    }

    private func word(_ number: Int64, _ item: Dynamixel.Item) -> RegisterMeaning? {
        guard let byte = UInt8(exactly: number) else { return .word(productName) }
        switch item {
        case .baudCode: return bitsPerSecond(code: byte).flatMap(BaudRate.init).map(RegisterMeaning.rate)
        case .operatingMode: return Dynamixel.OperatingMode(rawValue: byte).map { .word("\($0)") }
        case .busWatchdog:
            return Dynamixel.BusWatchdog(rawValue: byte).map { $0.silence.map(RegisterMeaning.time) ?? .word("\($0)") }
        case .hardwareErrorStatus, .shutdown: return .alarms(Dynamixel.HardwareError(rawValue: byte).names)
        default: return nil
        }
    }

    private func quantity(_ number: Int64, _ item: Dynamixel.Item) -> RegisterMeaning? {
        let raw = Int32(truncatingIfNeeded: number)
        let short = Int16(truncatingIfNeeded: number)
        switch item {
        case .homingOffset, .maxPositionLimit, .minPositionLimit, .goalPosition, .presentPosition, .positionTrajectory:
            return .angle(position(raw))
        case .movingThreshold, .velocityLimit, .goalVelocity, .presentVelocity, .velocityTrajectory:
            return .speed(velocity(raw))
        case .currentLimit, .goalCurrent, .presentCurrent: return current(short).map(RegisterMeaning.current)
        case .pwmLimit, .goalPWM, .presentPWM: return .duty(duty(pwm: short))
        case .presentLoad: return duty(load: short).map(RegisterMeaning.duty)
        case .maxVoltageLimit, .minVoltageLimit, .presentInputVoltage:
            return .voltage(voltage(UInt16(truncatingIfNeeded: number)))
        case .temperatureLimit, .presentTemperature:
            return .temperature(temperature(UInt8(truncatingIfNeeded: number)))
        case .returnDelay: return .time(returnDelay(UInt8(truncatingIfNeeded: number)))
        case .realtimeTick: return .time(clock(UInt16(truncatingIfNeeded: number)))
        default: return nil
        }
    }
}

extension Dynamixel.HardwareError {
    /// Every complaint that it holds.
    var names: [String] {
        let all: [(isPresent: Bool, name: String)] = [
            (inputVoltage, "input voltage"), (overheating, "overheating"), (encoder, "encoder"),
            (electricalShock, "electrical shock"), (overload, "overload"), (undocumented != 0, "undocumented"),
        ]
        return all.filter(\.isPresent).map(\.name)
    }
}
