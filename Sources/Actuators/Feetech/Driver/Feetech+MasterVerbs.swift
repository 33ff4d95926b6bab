public import Ports

// What can be asked of one servo.
extension Feetech.Master where Port: ~Copyable {
    /// Finds out whether the adapter repeats what it sends, with a write that names no servo and so is answered by none.
    public mutating func probeEcho(by deadline: MonotonicInstant) throws(MasterFailure) {
        try encode { (writer) throws(EncodingError) in
            writer.beginSyncWrite(Feetech.Item.presentPosition.register.region)
            try writer.finish()
        }
        do throws(PortError) { try exchange.probeEcho(with: writer.bytes, by: deadline) } catch { throw .port(error) }
    }

    public mutating func read(
        _ item: Feetech.Item, of id: ServoID, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(MasterFailure) -> Int32 {
        let register = item.register
        let cut = try ask(register.region, of: id, by: deadline, attempts: attempts)
        guard let number = register.number(in: parser.parameters, at: cut.offset) else { throw .garbled(id) }
        return number
    }

    /// Neighbouring registers as they are. Costs an array.
    public mutating func read(
        _ region: Feetech.Region, of id: ServoID, by deadline: MonotonicInstant
    ) throws(MasterFailure) -> [UInt8] {
        let cut = try ask(region, of: id, by: deadline)
        let found = parser.parameters
        return (cut.offset..<cut.offset + Int(region.count)).map { found[$0] }
    }

    private mutating func ask(
        _ region: Feetech.Region, of id: ServoID, by deadline: MonotonicInstant, attempts: Int = attempts
    ) throws(MasterFailure) -> Feetech.Cut {
        let cut = Feetech.Cut(region, surplus: nextSurplus(on: region.count))
        try encode { (writer) throws(EncodingError) in try writer.read(id, cut.region) }
        try transact(with: id, expecting: cut.region.count, by: deadline, attempts: attempts)
        return cut
    }

    /// Writes a volatile register and believes the servo's answer.
    public mutating func write(
        _ number: Int32, to item: Feetech.Item, of id: ServoID, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        guard item.register.memory == .volatile else { throw .persistent(id, register: item.register.address) }
        try put(number, item, of: id, by: deadline)
    }

    private mutating func put(
        _ number: Int32, _ item: Feetech.Item, of id: ServoID, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        let register = item.register
        guard item.isWritable(number), let bytes = register.bytes(of: number) else {
            throw .forbidden(id, register: register.address)
        }
        try encode { (writer) throws(EncodingError) in
            try writer.write(.one(id), at: register.address, bytes.span)
        }
        try transact(with: id, expecting: 0, by: deadline)
    }

    /// Writes a volatile register and reads it back.
    public mutating func set(
        _ number: Int32, in item: Feetech.Item, of id: ServoID, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        try write(number, to: item, of: id, by: deadline)
        try expect(number, in: item, of: id, by: deadline)
    }

    private mutating func expect(
        _ number: Int32, in item: Feetech.Item, of id: ServoID, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        let found = try read(item, of: id, by: deadline)
        guard found == number else {
            throw .notTaken(id, register: item.register.address, wrote: number, found: found)
        }
    }

    /// Changes a setting that outlives a power cut, for a person who asked for it: unlocks, writes, locks again.
    ///
    /// A locked servo takes the number as well and forgets it at the next start, so each step is read back, and the lock
    /// is closed whatever happened before.
    public mutating func store(
        _ number: Int32, in item: Feetech.Item, of id: ServoID, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        try set(0, in: .torqueEnable, of: id, by: deadline)
        try set(0, in: .lock, of: id, by: deadline)
        do throws(MasterFailure) {
            try put(number, item, of: id, by: deadline)
            try expect(number, in: item, of: id, by: deadline)
        } catch {
            try set(1, in: .lock, of: id, by: max(deadline, exchange.now + .milliseconds(100)))
            throw error
        }
        try set(1, in: .lock, of: id, by: max(deadline, exchange.now + .milliseconds(100)))
    }

    /// Tells all servos at once. None of them answers.
    mutating func tellEveryone(
        _ number: Int32, in item: Feetech.Item, by deadline: MonotonicInstant
    ) throws(MasterFailure) {
        try encode(number, in: item)
        try send(expecting: nil, by: deadline)
    }

    private mutating func encode(_ number: Int32, in item: Feetech.Item) throws(MasterFailure) {
        let register = item.register
        guard item.isWritable(number), let bytes = register.bytes(of: number) else { throw .tooLong }
        try encode { (writer) throws(EncodingError) in
            try writer.write(.everyone, at: register.address, bytes.span)
        }
    }

    /// Whoever lets go of an armed bus has met an error on the way; the motors do not stay on for it.
    mutating func switchOffInTheEnd() throws(MasterFailure) {
        try encode(0, in: .torqueEnable)
        exchange.setLastWords(LastWords(writer.bytes))
    }
}

extension Feetech.Item {
    /// 128 in torque enable declares the present position to be the middle of the servo: it never leaves this program.
    func isWritable(_ number: Int32) -> Bool {
        guard register.access == .readWrite else { return false }
        switch self {
        case .torqueEnable, .lock: return (0...1).contains(number)
        // A servo under another number or at another rate cannot be read back where it was.
        case .id, .baudCode: return false
        default: return true
        }
    }
}
