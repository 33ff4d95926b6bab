// What a master sends. Requests of a fixed size fit always; the others throw.

extension Dynamixel {
    /// What a factory reset leaves alone.
    public enum KeptSettings: UInt8, CaseIterable, Sendable {
        /// The servo has number 1 and 57,600 bits per second then.
        case none = 0xFF
        case id = 0x01
        case idAndBaud = 0x02
    }

    public enum BackupStep: UInt8, CaseIterable, Sendable {
        case store = 0x01
        case restore = 0x02
    }
}

extension Dynamixel.Writer {
    public mutating func ping(_ target: Dynamixel.Target) throws(EncodingError) {
        try plain(.ping, target)
    }

    /// Carries out the registered writes of all servos at once.
    public mutating func action(_ target: Dynamixel.Target) throws(EncodingError) {
        try plain(.action, target)
    }

    /// The only way, beside the power switch, out of a shutdown. All volatile registers are lost.
    public mutating func reboot(_ id: Dynamixel.ServoID) throws(EncodingError) {
        try plain(.reboot, .one(id))
    }

    private mutating func plain(
        _ instruction: Dynamixel.Instruction, _ target: Dynamixel.Target
    ) throws(EncodingError) {
        begin(instruction, target)
        try finish()
    }

    /// Forgets whole turns: the position falls back into one turn. The servo must stand still.
    public mutating func clearTurns(_ id: Dynamixel.ServoID) throws(EncodingError) {
        begin(.clear, .one(id))
        let key = Dynamixel.Request.clearTurnsKey
        put(key.span)
        try finish()
    }

    /// Back to what the factory has set; the servo restarts.
    ///
    /// Only ever one servo: everybody at once could not be told apart any more, so servos from version 42 on refuse that.
    public mutating func factoryReset(
        _ id: Dynamixel.ServoID, keeping kept: Dynamixel.KeptSettings
    ) throws(EncodingError) {
        begin(.factoryReset, .one(id))
        put(kept.rawValue)
        try finish()
    }

    /// Stores the whole table in the servo, or brings back what was stored. The torque must be off.
    public mutating func backup(_ id: Dynamixel.ServoID, _ step: Dynamixel.BackupStep) throws(EncodingError) {
        begin(.backup, .one(id))
        put(step.rawValue)
        let key: [4 of UInt8] = [0x43, 0x54, 0x52, 0x4C]
        put(key.span)
        try finish()
    }

    public mutating func read(_ id: Dynamixel.ServoID, _ region: Dynamixel.Region) throws(EncodingError) {
        begin(.read, .one(id))
        put(region)
        try finish()
    }

    public mutating func write(
        _ target: Dynamixel.Target, at address: UInt16, _ data: Span<UInt8>
    ) throws(EncodingError) {
        try write(.write, target, address, data)
    }

    /// A write that waits for `action`.
    public mutating func registerWrite(
        _ target: Dynamixel.Target, at address: UInt16, _ data: Span<UInt8>
    ) throws(EncodingError) {
        try write(.registerWrite, target, address, data)
    }

    private mutating func write(
        _ instruction: Dynamixel.Instruction, _ target: Dynamixel.Target, _ address: UInt16, _ data: Span<UInt8>
    ) throws(EncodingError) {
        begin(instruction, target)
        put(address)
        put(data)
        try finish()
    }

    /// Asks several servos for the same registers; fast means that they share one answer.
    public mutating func syncRead(
        _ region: Dynamixel.Region, from ids: Span<Dynamixel.ServoID>, fast: Bool = false
    ) throws(EncodingError) {
        beginSyncRead(region, fast: fast)
        for position in ids.indices { addSyncRead(ids[position]) }
        try finish()
    }

    /// Begins a read of the same registers of several servos: `addSyncRead` for each, then `finish`.
    public mutating func beginSyncRead(_ region: Dynamixel.Region, fast: Bool) {
        begin(fast ? .fastSyncRead : .syncRead, .everyone)
        put(region)
    }

    public mutating func addSyncRead(_ id: Dynamixel.ServoID) { put(id.rawValue) }

    /// Begins a write of the same registers of several servos: `addSyncWrite` for each, then `finish`.
    public mutating func beginSyncWrite(_ region: Dynamixel.Region) {
        begin(.syncWrite, .everyone, width: Int(region.count))
        put(region)
    }

    public mutating func addSyncWrite(
        _ id: Dynamixel.ServoID, _ data: Span<UInt8>
    ) throws(EncodingError) {
        try checkWidth(data.count)
        put(id.rawValue)
        put(data)
    }

    /// Begins a read of different registers of several servos: `addBulkRead` for each, then `finish`.
    public mutating func beginBulkRead(fast: Bool = false) {
        begin(fast ? .fastBulkRead : .bulkRead, .everyone)
    }

    public mutating func addBulkRead(_ id: Dynamixel.ServoID, _ region: Dynamixel.Region) {
        put(id.rawValue)
        put(region)
    }

    /// Begins a write of different registers of several servos: `addBulkWrite` for each, then `finish`.
    public mutating func beginBulkWrite() { begin(.bulkWrite, .everyone) }

    public mutating func addBulkWrite(
        _ id: Dynamixel.ServoID, at address: UInt16, _ data: Span<UInt8>
    ) throws(EncodingError) {
        guard let count = UInt16(exactly: data.count) else { throw .tooLong }
        put(id.rawValue)
        put(Dynamixel.Region(address: address, count: count))
        put(data)
    }
}
