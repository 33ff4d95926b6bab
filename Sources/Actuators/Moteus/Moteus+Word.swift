extension Moteus {
    /// How a register travels.
    public enum Resolution: UInt8, CaseIterable, Sendable {
        case int8 = 0x00
        case int16 = 0x04
        case int32 = 0x08
        case float = 0x0C

        var width: Int {
            switch self {
            case .int8: 1
            case .int16: 2
            case .int32, .float: 4
            }
        }
    }

    /// A register's value as it travels.
    public enum Word: Equatable, Sendable {
        case int8(Int8)
        case int16(Int16)
        case int32(Int32)
        case float(Float)

        var resolution: Resolution {
            switch self {
            case .int8: .int8
            case .int16: .int16
            case .int32: .int32
            case .float: .float
            }
        }

        /// The four or fewer bytes, low one first, as one number.
        var bits: UInt32 {
            switch self {
            case .int8(let number): UInt32(UInt8(bitPattern: number))
            case .int16(let number): UInt32(UInt16(bitPattern: number))
            case .int32(let number): UInt32(bitPattern: number)
            case .float(let number): number.bitPattern
            }
        }

        init(bits: UInt32, _ resolution: Resolution) {
            switch resolution {
            case .int8: self = .int8(Int8(truncatingIfNeeded: bits))
            case .int16: self = .int16(Int16(truncatingIfNeeded: bits))
            case .int32: self = .int32(Int32(bitPattern: bits))
            case .float: self = .float(Float(bitPattern: bits))
            }
        }
    }
}

// On the wire, the most negative number and "not a number" say that a value is not set. Here that is nil, and nowhere
// else does such a number come from or get to.
extension Moteus.Word {
    /// The number in units of the scale; nil when it is not set, or no finite number.
    public func value(in scale: Moteus.Scale) -> Float? {
        switch self {
        case .int8(let number): number == .min ? nil : Float(Double(number) * scale.step(.int8))
        case .int16(let number): number == .min ? nil : Float(Double(number) * scale.step(.int16))
        case .int32(let number): number == .min ? nil : Float(Double(number) * scale.step(.int32))
        case .float(let number): number.isFinite ? number : nil
        }
    }

    /// The word for a number in units of the scale, or for "not set"; nil when the word cannot hold the number.
    public init?(_ value: Float?, in scale: Moteus.Scale, _ resolution: Moteus.Resolution) {
        guard let value else {
            self = Self.unset(resolution)
            return
        }
        guard value.isFinite else { return nil }
        let steps = (Double(value) / scale.step(resolution)).rounded()
        switch resolution {
        case .float: self = .float(value)
        case .int8 where steps.magnitude <= Double(Int8.max): self = .int8(Int8(steps))
        case .int16 where steps.magnitude <= Double(Int16.max): self = .int16(Int16(steps))
        case .int32 where steps.magnitude <= Double(Int32.max): self = .int32(Int32(steps))
        case .int8, .int16, .int32: return nil
        }
    }

    private static func unset(_ resolution: Moteus.Resolution) -> Moteus.Word {
        switch resolution {
        case .int8: .int8(.min)
        case .int16: .int16(.min)
        case .int32: .int32(.min)
        case .float: .float(.nan)
        }
    }
}

extension Moteus {
    /// What one step of an integer register is.
    public enum Scale: Equatable, Sendable {
        /// Modes, numbers and codes.
        case count
        case revolutions
        case revolutionsPerSecond
        case revolutionsPerSecondSquared
        case newtonMetres
        case amperes
        case volts
        case celsius
        case seconds
        case share
        case watts

        func step(_ resolution: Resolution) -> Double {
            let steps = integerSteps
            switch resolution {
            case .int8: return steps.int8
            case .int16: return steps.int16
            case .int32: return steps.int32
            case .float: return 1
            }
        }

        private var integerSteps: (int8: Double, int16: Double, int32: Double) {
            switch self {
            case .count: (1, 1, 1)
            case .revolutions: (0.01, 0.000_1, 0.000_01)
            case .revolutionsPerSecond: (0.1, 0.000_25, 0.000_01)
            case .revolutionsPerSecondSquared: (0.05, 0.001, 0.000_01)
            case .newtonMetres: (0.5, 0.01, 0.001)
            case .amperes: (1, 0.1, 0.001)
            case .volts: (0.5, 0.1, 0.001)
            case .celsius: (1, 0.1, 0.001)
            case .seconds: (0.01, 0.001, 0.000_001)
            case .share: (1 / 127, 1 / 32_767, 1 / 2_147_483_647)
            case .watts: (10, 0.05, 0.000_1)
            }
        }
    }
}
