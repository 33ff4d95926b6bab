import Actuators

extension MoteusController {
    /// A write; the code of the error, or nil when it was taken.
    mutating func write(_ word: Moteus.Word, to register: Moteus.Register, into next: inout MoteusOrder?) -> UInt32? {
        let number = register.rawValue
        let value = word.value(in: Self.scale(of: number)).map(Double.init)
        switch number {
        case 0x000:
            guard let mode = value.flatMap({ UInt8(exactly: $0) }).flatMap(Moteus.Mode.init), mode != .fault else {
                return Self.badMode
            }
            next = MoteusOrder(mode)
        case 0x130: setOutput(nearest: value ?? 0)
        case 0x131: setOutput(exactly: value ?? 0)
        case 0x132: loseOutput()
        case 0x133: recapture()
        case 0x05C, 0x05D, 0x071, 0x076...0x07F: scratch[number] = value ?? 0
        case _ where MoteusOrder.takes(number):
            // Without a mode in its frame, a write changes the command in force.
            if next == nil { order[number] = value } else { next?[number] = value }
        default: return self.word(of: register, .int32) == nil ? Self.unknownRegister : Self.readOnly
        }
        return nil
    }

    private static let unknownRegister: UInt32 = 1
    private static let readOnly: UInt32 = 2
    private static let badMode: UInt32 = 3

    /// A register's word; nil for one that cannot be read this way.
    func word(of register: Moteus.Register, _ resolution: Moteus.Resolution) -> Moteus.Word? {
        let number = register.rawValue
        switch number {
        case 0x100, 0x101, 0x102, 0x120...0x122, 0x150...0x153:
            return resolution == .int32 ? .int32(identityWord(number)) : nil
        case 0x070: return counter(resolution)
        default: break
        }
        guard let value = value(of: number) else { return nil }
        return Self.word(value, Self.scale(of: number), resolution)
    }

    /// Too large a number becomes the largest; the smallest is reserved.
    private static func word(
        _ value: Double, _ scale: Moteus.Scale, _ resolution: Moteus.Resolution
    ) -> Moteus.Word? {
        let number: Float? = value.isFinite ? Float(value) : nil
        if let word = Moteus.Word(number, in: scale, resolution) { return word }
        switch resolution {
        case .int8: return .int8(value < 0 ? -.max : .max)
        case .int16: return .int16(value < 0 ? -.max : .max)
        case .int32: return .int32(value < 0 ? -.max : .max)
        case .float: return .float(Float(value))
        }
    }

    /// In units of the register, "not set" as NaN; nil for a register that is not there.
    private func value(of number: UInt16) -> Double? {
        switch number {
        case 0x000: Double(mode.rawValue)
        case 0x001, 0x050: sight.position
        case 0x002, 0x051: sight.velocity
        case 0x003: sight.current * torquePerAmpere
        case 0x004: sight.current
        case 0x005: 0
        // No second encoder and no thermistor in the motor.
        case 0x006, 0x052...0x055, 0x073, 0x075: .nan
        case 0x007: sight.current * sight.current * Double(identity.winding) + electricalLoad
        case 0x00A: configuration[.motorTemperatureEnabled] == 0 ? .nan : sight.temperature
        case 0x00B: trajectory.isComplete ? 1 : 0
        case 0x00C: Double(sight.home.rawValue)
        case 0x00D: sight.voltage
        case 0x00E: sight.temperature
        case 0x00F: Double(condition)
        case 0x030...0x034, 0x038...0x03D: control.value(of: number, sight, trajectory, torquePerAmpere)
        case 0x058: 3
        case 0x05C...0x05F, 0x060...0x064, 0x068...0x06C, 0x071, 0x072, 0x074, 0x076...0x07F: scratch[number] ?? 0
        case 0x140, 0x141: 0
        case 0x158: 1
        case _ where MoteusOrder.takes(number): order[number] ?? .nan
        default: nil
        }
    }

    private var electricalLoad: Double { sight.current * torquePerAmpere * sight.velocity * 2 * .pi }

    private func identityWord(_ number: UInt16) -> Int32 {
        switch number {
        case 0x100: 0x0500
        case 0x101: 0x01_00_00
        case 0x102: 5
        // Whole numbers of its own for each controller.
        default: Int32(number) << 8 | Int32(identity.id)
        }
    }

    /// Whether a mask of the long identifier, if this is one, lets the rest of a frame through.
    func isMeant(_ register: Moteus.Register, _ word: Moteus.Word) -> Bool {
        guard (0x154...0x157).contains(register.rawValue) else { return true }
        return word == .int32(identityWord(register.rawValue - 4))
    }

    /// Counts on from the least number after the largest; as a float, up to what stays exact.
    private func counter(_ resolution: Moteus.Resolution) -> Moteus.Word {
        let count = Int64(milliseconds)
        switch resolution {
        case .int8: return .int8(Int8(truncatingIfNeeded: count))
        case .int16: return .int16(Int16(truncatingIfNeeded: count))
        case .int32: return .int32(Int32(truncatingIfNeeded: count))
        case .float: return .float(Float(count % 8_388_608))
        }
    }

    private static func scale(of number: UInt16) -> Moteus.Scale {
        switch number {
        case 0x001, 0x006, 0x020, 0x026, 0x038, 0x03B, 0x040, 0x041, 0x050, 0x052, 0x054, 0x130, 0x131: .revolutions
        case 0x002, 0x01E, 0x021, 0x028, 0x039, 0x03C, 0x051, 0x053, 0x055: .revolutionsPerSecond
        case 0x029: .revolutionsPerSecondSquared
        case 0x003, 0x022, 0x025, 0x030...0x034, 0x03A, 0x03D, 0x042, 0x045: .newtonMetres
        case 0x004, 0x005, 0x01C, 0x01D, 0x02C: .amperes
        case 0x007: .watts
        case 0x00A, 0x00E: .celsius
        case 0x00D, 0x014...0x016, 0x019...0x01B, 0x02A: .volts
        case 0x027, 0x046: .seconds
        case 0x010...0x012, 0x018, 0x023, 0x024, 0x02B, 0x043, 0x044, 0x047, 0x060...0x06C, 0x073, 0x075...0x07F: .share
        default: .count
        }
    }
}
