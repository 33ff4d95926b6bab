internal import Actuators
internal import Simulator

// What a servo lets be written.
extension DynamixelSlave {
    /// A whole register with the number that it shall hold.
    private struct Change {
        let item: Dynamixel.Item
        let number: Int64
    }

    /// All of it or, with the reason, nothing.
    mutating func write(_ data: [UInt8], at address: UInt16) throws(Dynamixel.Failure) {
        var changes: [Change] = []
        var pointers: [(address: Int, byte: UInt8)] = []
        var place = 0
        while place < data.count {
            let real = table.place(of: Int(address) + place)
            switch table.owner(of: real) {
            case .item(let item, let register):
                let bytes = try whole(register, from: data, at: place, address)
                let number = register.number(in: bytes.span) ?? 0
                try check(item, register, number, after: changes)
                changes.append(Change(item: item, number: number))
                place += bytes.count
            case .showing:
                pointers += try pointer(from: data, at: place, address)
                place += 2
            case .shown:
                // A byte that shows itself, as it comes from the factory: free to use.
                pointers.append((real, data[place]))
                place += 1
            case .nobody: throw .access
            }
        }
        for pointer in pointers { table.set(pointer.address, to: pointer.byte) }
        for change in changes { apply(change) }
    }

    /// The bytes of a register, which may be shown elsewhere, but in one piece.
    private func whole(
        _ register: Dynamixel.Register, from data: [UInt8], at start: Int, _ address: UInt16
    ) throws(Dynamixel.Failure) -> [UInt8] {
        let width = Int(register.width)
        guard start + width <= data.count else { throw .dataLength }
        for place in 0..<width
        where table.place(of: Int(address) + start + place) != Int(register.address) + place { throw .dataLength }
        return Array(data[start..<start + width])
    }

    private func pointer(
        from data: [UInt8], at start: Int, _ address: UInt16
    ) throws(Dynamixel.Failure) -> [(address: Int, byte: UInt8)] {
        let first = Int(address) + start
        guard start + 2 <= data.count, table.owner(of: first) == table.owner(of: first + 1) else { throw .dataLength }
        guard Int(data[start]) | Int(data[start + 1]) << 8 < table.count else { throw .dataRange }
        return [(first, data[start]), (first + 1, data[start + 1])]
    }

    private func check(
        _ item: Dynamixel.Item, _ register: Dynamixel.Register, _ number: Int64, after changes: [Change]
    ) throws(Dynamixel.Failure) {
        // What the same packet writes before counts already: torque off and an EEPROM register do not go together.
        let torque = changes.last { $0.item == .torqueEnable }?.number ?? self[.torqueEnable]
        guard register.access == .readWrite else { throw .access }
        guard register.memory == .volatile || torque == 0 else { throw .access }
        guard range(of: item)?.contains(number) ?? register.range.contains(number) else { throw .dataRange }
        if item == .operatingMode, !allowsMode(number) { throw .dataRange }
        if item == .torqueEnable, number == 1, isShutDown { throw .failed }
        guard item.isGoal else { return }
        if watchdogHasTripped { throw .dataRange }
        guard limit(of: item)?.contains(number) ?? true else { throw .dataLimit }
    }

    private func allowsMode(_ number: Int64) -> Bool {
        UInt8(exactly: number).flatMap(Dynamixel.OperatingMode.init).map(model.allows) ?? false
    }

    private mutating func apply(_ change: Change) {
        let before = self[change.item]
        table.set(change.item, to: change.number)
        switch change.item {
        case .torqueEnable: if change.number == 1 { if before == 0 { enableTorque() } } else { disableTorque() }
        case .operatingMode: if change.number != before { changeMode() }
        case .goalPosition: if late == nil { control.begin(to: Double(change.number)) }
        case .busWatchdog: heardAt = max(heardAt, now)
        default: break
        }
        // Bit 3 of the drive mode: a goal switches the torque on.
        if change.item.isGoal, self[.driveMode] & 8 != 0, !hasTorque, !isShutDown {
            self[.torqueEnable] = 1
            enableTorque()
        }
    }

    mutating func enableTorque() {
        self[.torqueEnable] = 1
        if mode == .position { foldTurns() }
        control.hold(at: exactPosition)
        // The servo goes where its goal register says, at once: whoever forgot to set it sees a jump.
        if mode.followsPosition { control.begin(to: Double(self[.goalPosition])) }
        forgetLate()
        heardAt = max(heardAt, now)
    }

    mutating func disableTorque() {
        self[.torqueEnable] = 0
        set(.off)
        control.hold(at: exactPosition)
    }

    private mutating func changeMode() {
        self[.goalPWM] = self[.pwmLimit]
        if model.hasCurrentSensor { self[.goalCurrent] = mode == .current ? 0 : self[.currentLimit] }
        self[.goalVelocity] = mode == .velocity ? 0 : self[.velocityLimit]
        if mode == .pwm { self[.goalPWM] = 0 }
        if mode == .position { foldTurns() }
        self[.goalPosition] = presentPosition
        control.hold(at: exactPosition)
    }
}

extension Dynamixel.OperatingMode {
    var followsPosition: Bool {
        switch self {
        case .position, .extendedPosition, .currentBasedPosition: true
        case .current, .velocity, .pwm: false
        }
    }
}

extension Dynamixel.Item {
    /// What moves the motor, and what the watchdog therefore closes.
    var isGoal: Bool {
        switch self {
        case .goalPWM, .goalCurrent, .goalVelocity, .goalPosition: true
        default: false
        }
    }
}
