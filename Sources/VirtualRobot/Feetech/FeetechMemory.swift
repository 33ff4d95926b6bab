import Actuators

/// Everything that a Feetech servo can be read and written at, and what of it outlives a power cut.
///
/// The lock does not refuse anything. Locked, as the servo is after every start, a persistent register takes the new
/// number and uses it, and has forgotten it after the next power cut; unlocked, it keeps it. That is the vendor's
/// wording ("saved" and "not saved"), and it is why a set-up that forgot the lock works until the next morning.
struct FeetechMemory: Equatable, Sendable {
    private var bytes: [UInt8]
    private var saved: [UInt8]

    init(_ model: FeetechServo.Identity) {
        bytes = [UInt8](repeating: 0, count: 256)
        saved = []
        for (item, number) in Self.factory(model) { self[item] = number }
        for (address, byte) in Self.unnamed { bytes[Int(address)] = byte }
        saved = bytes
        restart()
    }

    /// The number in a register; one that does not fit becomes the nearest that does.
    subscript(item: Feetech.Item) -> Int {
        get { Int(item.register.number(in: bytes.span, at: Int(item.register.address)) ?? 0) }
        set {
            let register = item.register
            let number = min(max(newValue, Int(register.range.lowerBound)), Int(register.range.upperBound))
            guard let encoded = register.bytes(of: Int32(number)) else { return }
            for position in encoded.span.indices { bytes[Int(register.address) + position] = encoded.span[position] }
        }
    }

    /// The power went and came back: what was not saved is as it was before.
    mutating func restart() {
        bytes = saved
        self[.torqueLimit] = self[.maxTorque]
        self[.lock] = 1
    }

    /// Nil when the region ends beyond the last address.
    func read(_ region: Feetech.Region) -> [UInt8]? {
        let start = Int(region.address)
        guard start + Int(region.count) <= bytes.count else { return nil }
        return [UInt8](bytes[start..<start + Int(region.count)])
    }

    /// Takes what may be written and passes over the rest without a word, as the servo does.
    mutating func write(_ data: [UInt8], at start: UInt8) {
        for (offset, byte) in data.enumerated() {
            guard let address = UInt8(exactly: Int(start) + offset), Self.isWritable(address) else { continue }
            bytes[Int(address)] = byte
            if address < Self.firstVolatile && self[.lock] == 0 { saved[Int(address)] = byte }
        }
    }

    /// A change that the servo itself makes and keeps, whatever the lock says.
    mutating func keep(_ number: Int, in item: Feetech.Item) {
        self[item] = number
        let start = Int(item.register.address)
        for address in start..<start + Int(item.register.width) { saved[address] = bytes[address] }
    }

    /// A register that the codec has no name for.
    subscript(unnamed address: UInt8) -> UInt8 {
        get { bytes[Int(address)] }
        set { bytes[Int(address)] = newValue }
    }

    private static let firstVolatile: UInt8 = 40

    private static func isWritable(_ address: UInt8) -> Bool {
        switch address {
        case 5...54, 55, 80...86: true
        default: false
        }
    }
}

extension FeetechMemory {
    static let integralLimit: UInt8 = 25
    static let targetPosition: UInt8 = 67
    static let movingThreshold: UInt8 = 80
    static let speedLimit: UInt8 = 84

    /// What the vendor ships, but for what its owner has set.
    private static func factory(_ identity: FeetechServo.Identity) -> [(Feetech.Item, Int)] {
        [
            (.firmwareMajor, 3), (.firmwareMinor, Int(identity.firmwareMinor)),
            (.modelNumber, Int(identity.model.rawValue)),
            (.id, Int(identity.id.rawValue)), (.baudCode, 0), (.returnDelay, Int(identity.returnDelay)),
            (.responseLevel, 1),
            (.minAngle, 0), (.maxAngle, 4_095), (.maxTemperature, 70),
            (.maxVoltage, identity.supply.highest), (.minVoltage, identity.supply.lowest), (.maxTorque, 1_000),
            // One step per second a unit, and a goal speed of zero is the highest.
            (.phase, 0x0C), (.unloadMask, 0x2C), (.alarmMask, 0x2F),
            (.positionPGain, 32), (.positionDGain, 32), (.positionIGain, 0), (.minStartForce, 16),
            (.clockwiseDeadZone, 1), (.counterclockwiseDeadZone, 1), (.protectionCurrent, 500),
            (.angularResolution, 1), (.homingOffset, 0), (.mode, 0),
            (.protectiveTorque, 20), (.protectionTime, 200), (.overloadTorque, 80),
            (.velocityPGain, 10), (.overCurrentTime, 200), (.velocityIGain, 10),
            (.maxAcceleration, 254),
        ]
    }

    /// Thresholds of the factory area, in units of fifty steps per second; 68 of them are the motor's top speed.
    private static let unnamed: [(address: UInt8, byte: UInt8)] = [(movingThreshold, 1), (speedLimit, 68), (86, 1)]
}
