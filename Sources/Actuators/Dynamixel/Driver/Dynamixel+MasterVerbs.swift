public import Ports

// What can be asked of one servo. None of these moves anything but `write`, which does what the register does.
extension Dynamixel.Master where Port: ~Copyable {
    /// Finds out whether the adapter repeats what it sends. A line with an echo works like one without.
    public mutating func probeEcho(by deadline: MonotonicInstant) throws(ServoFailure) {
        guard let unlikely = ServoID(252) else { preconditionFailure("252 is a number that a servo may have") }
        try encode { (writer) throws(EncodingError) in try writer.ping(.one(unlikely)) }
        do throws(PortError) {
            try exchange.probeEcho(with: writer.bytes, by: deadline)
        } catch {
            throw .port(error)
        }
    }

    public mutating func ping(
        _ id: ServoID, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(ServoFailure) -> Dynamixel.PingAnswer {
        try encode { (writer) throws(EncodingError) in try writer.ping(.one(id)) }
        let error = try transact(with: id, expecting: 3, by: deadline, attempts: attempts)
        return Dynamixel.PingAnswer(
            id: id, model: parser.parameters.number(at: 0), firmware: Dynamixel.Firmware(parser.parameters[2]),
            hasAlert: error.hasAlert)
    }

    public mutating func read(
        _ register: Dynamixel.Register, of id: ServoID, by deadline: MonotonicInstant
    ) throws(ServoFailure) -> Int64 {
        try encode { (writer) throws(EncodingError) in try writer.read(id, register.region) }
        _ = try transact(with: id, expecting: Int(register.width), by: deadline)
        guard let number = register.number(in: parser.parameters) else { throw .garbled(id) }
        return number
    }

    /// Neighbouring registers as they are. Costs an array.
    public mutating func read(
        _ region: Dynamixel.Region, of id: ServoID, by deadline: MonotonicInstant
    ) throws(ServoFailure) -> [UInt8] {
        try encode { (writer) throws(EncodingError) in try writer.read(id, region) }
        _ = try transact(with: id, expecting: Int(region.count), by: deadline)
        let found = parser.parameters
        return found.indices.map { found[$0] }
    }

    /// Writes and believes the servo's answer.
    public mutating func write(
        _ number: Int64, to register: Dynamixel.Register, of id: ServoID, by deadline: MonotonicInstant
    ) throws(ServoFailure) {
        guard let bytes = register.bytes(of: number) else { throw .refused(id, .dataRange) }
        try encode { (writer) throws(EncodingError) in
            try writer.write(.one(id), at: register.address, bytes.span)
        }
        _ = try transact(with: id, expecting: 0, by: deadline)
    }

    /// Writes and reads back.
    public mutating func set(
        _ number: Int64, in register: Dynamixel.Register, of id: ServoID, by deadline: MonotonicInstant
    ) throws(ServoFailure) {
        try write(number, to: register, of: id, by: deadline)
        let found = try read(register, of: id, by: deadline)
        guard found == number else {
            throw .notTaken(id, register: register.address, wrote: number, found: found)
        }
    }

    /// Tells all servos at once. None of them answers.
    public mutating func tellEveryone(
        _ number: Int64, in register: Dynamixel.Register, by deadline: MonotonicInstant
    ) throws(ServoFailure) {
        try encode(number, in: register)
        try send(by: deadline)
    }

    private mutating func encode(_ number: Int64, in register: Dynamixel.Register) throws(ServoFailure) {
        guard let bytes = register.bytes(of: number) else { throw .tooLong }
        try encode { (writer) throws(EncodingError) in
            try writer.write(.everyone, at: register.address, bytes.span)
        }
    }

    /// Whoever lets go of an armed bus has met an error on the way; the motors do not stay on for it.
    mutating func switchOffInTheEnd(by register: Dynamixel.Register) throws(ServoFailure) {
        try encode(0, in: register)
        exchange.setLastWords(LastWords(writer.bytes))
    }

    /// The servo starts again, switched off, its volatile registers as delivered. It is silent for a while.
    public mutating func reboot(_ id: ServoID, by deadline: MonotonicInstant) throws(ServoFailure) {
        try encode { (writer) throws(EncodingError) in try writer.reboot(id) }
        _ = try transact(with: id, expecting: 0, by: deadline)
    }
}
