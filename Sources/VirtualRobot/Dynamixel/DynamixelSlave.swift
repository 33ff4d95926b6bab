internal import Actuators
internal import Quantities
internal import Simulator

/// One servo: its registers, its power, its motor. It knows nothing of packets.
struct DynamixelSlave: Sendable {
    /// How long a servo is silent after its power has come or it was told to reboot.
    static let bootTime: Int64 = 300 * nanosecondsPerMillisecond

    let servo: DynamixelServo
    var table: DynamixelTable
    var control = DynamixelControl()
    /// What its sensors said last.
    var sensed = MotorState(
        position: .zero, speed: .zero, current: .zero, voltage: .zero, temperature: Celsius(25))
    /// Whole turns that the counter has left out.
    var turnOffset: Int64 = 0
    var registered: (address: UInt16, data: [UInt8])?
    /// Registers that a start-up brings back when it is told to.
    var backup: DynamixelTable?
    var bootsUntil = BusInstant.start
    var bootedAt = BusInstant.start
    /// When it last heard an instruction, whoever that was for.
    var heardAt = BusInstant.start
    var hasPower = true
    var hangs = false
    var answersWrongly = false
    /// What begins when the answer is out.
    var rebootsNext = false
    var factoryReset: Set<Dynamixel.Item>?
    /// Since when the motor has pulled with all it has and not moved.
    var strainsSince: BusInstant?
    var now = BusInstant.start
    var hasBegun = false
    private(set) var drive = MotorDrive.off
    /// What is told and not yet acted on; nil while everything counts at once.
    var late: LateCommands<DynamixelGoals>?
    /// What the loops go by meanwhile.
    var obeyed = DynamixelGoals()

    init(_ servo: DynamixelServo) {
        self.servo = servo
        table = DynamixelTable(servo.model, servo.firmware)
        resetPersistent(keeping: [])
        self[.id] = Int64(servo.id.rawValue)
        self[.baudCode] = servo.model.code(bitsPerSecond: servo.bitsPerSecond).map(Int64.init) ?? 1
        self[.returnDelay] = Int64(servo.returnDelay)
        resetVolatile()
    }

    var model: Dynamixel.Model { servo.model }

    subscript(item: Dynamixel.Item) -> Int64 {
        get { table.number(item) }
        set { table.set(item, to: newValue) }
    }

    var mode: Dynamixel.OperatingMode {
        UInt8(exactly: self[.operatingMode]).flatMap(Dynamixel.OperatingMode.init) ?? .position
    }
    var hasTorque: Bool { self[.torqueEnable] == 1 }
    var isReversed: Bool { self[.driveMode] & 1 != 0 }
    var hasTimeProfile: Bool { self[.driveMode] & 4 != 0 }
    var bitsPerSecond: UInt32 { UInt8(exactly: self[.baudCode]).flatMap { model.bitsPerSecond(code: $0) } ?? 57_600 }
    var returnDelay: Int64 { self[.returnDelay] * 2_000 }
    var hasAlert: Bool { self[.hardwareErrorStatus] != 0 }
    /// The guards have switched the motor off, for good.
    var isShutDown: Bool { self[.hardwareErrorStatus] & self[.shutdown] != 0 }
    var watchdogHasTripped: Bool { servo.model.hasBusWatchdog(with: servo.firmware) && self[.busWatchdog] == 0xFF }

    func isAwake(at instant: BusInstant) -> Bool { hasPower && !hangs && instant >= bootsUntil }

    /// The number it answers under.
    var answeringID: Dynamixel.ServoID {
        let own = UInt8(exactly: self[.id]).flatMap(Dynamixel.ServoID.init) ?? servo.id
        guard answersWrongly else { return own }
        return Dynamixel.ServoID(own.rawValue == 252 ? 0 : own.rawValue + 1) ?? own
    }

    func isNamed(_ target: UInt8) -> Bool { self[.id] == Int64(target) }

    /// Does what another one is told as well, and never says a word about it.
    func shadows(_ target: UInt8) -> Bool { target <= 252 && self[.shadowID] == Int64(target) && !isNamed(target) }

    mutating func set(_ drive: MotorDrive) { self.drive = drive }
}

// From the factory, and from a reboot.
extension DynamixelSlave {
    mutating func resetPersistent(keeping kept: Set<Dynamixel.Item>) {
        for item in Dynamixel.Item.allCases where !kept.contains(item) {
            if model.register(item)?.memory == .persistent { self[item] = model.factoryValue(item) }
        }
        self[.modelNumber] = Int64(model.rawValue)
        self[.firmwareVersion] = Int64(servo.firmware.rawValue)
    }

    /// What the servo forgets without power.
    mutating func resetVolatile() {
        for address in 64..<table.count { table.set(address, to: 0) }
        for item in Dynamixel.Item.allCases where model.register(item)?.memory == .volatile {
            if table.has(item) { self[item] = model.factoryValue(item) }
        }
        table.resetPointers()
        self[.goalPWM] = self[.pwmLimit]
        if model.hasCurrentSensor { self[.goalCurrent] = self[.currentLimit] }
        self[.goalVelocity] = mode == .velocity ? 0 : self[.velocityLimit]
        registered = nil
        strainsSince = nil
        control = DynamixelControl()
    }

    mutating func reboot(at instant: BusInstant) {
        resetVolatile()
        set(.off)
        bootsUntil = instant + Self.bootTime
        bootedAt = bootsUntil
    }

    /// The first moment of the program: sensors are read, and what was asked to come back comes back.
    mutating func wake() {
        turnOffset = 0
        foldTurns()
        self[.goalPosition] = presentPosition
        control.hold(at: Double(presentPosition))
        if self[.startupConfiguration] & 2 != 0, let backup { restore(backup) }
        if self[.startupConfiguration] & 1 != 0 { enableTorque() }
        self[.backupReady] = backup == nil ? 0 : 1
    }

    /// Gains, profile and indirect registers; goals never come back.
    private mutating func restore(_ backup: DynamixelTable) {
        for address in Array(76..<98) + Array(108..<116) + Array(168..<208) {
            table.set(address, to: backup.bytes[address])
        }
    }
}

// What waits for something: an action, the end of an answer.
extension DynamixelSlave {
    mutating func register(_ data: [UInt8], at address: UInt16) throws(Dynamixel.Failure) {
        // Checked on a copy: whoever asks shall hear now that it cannot be done.
        var rehearsal = self
        try rehearsal.write(data, at: address)
        registered = (address, data)
        self[.registeredInstruction] = 1
    }

    mutating func actNow() throws(Dynamixel.Failure) {
        guard let waiting = registered else { throw .instruction }
        registered = nil
        self[.registeredInstruction] = 0
        try write(waiting.data, at: waiting.address)
    }

    mutating func finishAnswer(at instant: BusInstant) {
        if let kept = factoryReset { resetPersistent(keeping: kept) }
        factoryReset = nil
        if rebootsNext { reboot(at: instant) }
        rebootsNext = false
    }

    mutating func restoreBackup() { if let backup { restore(backup) } }
}
