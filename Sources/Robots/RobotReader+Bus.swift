import Expressions
import Quantities
import Supervision

extension DriverName {
    /// What a careful owner sets; nil where the line has no rate.
    var usualBaud: Int? {
        switch self {
        case .dynamixel, .feetech: 1_000_000
        case .moteus: 921_600
        case .board: nil
        }
    }

    var hasWatchdog: Bool { self != .feetech }

    var ids: (low: Int32, high: Int32) {
        switch self {
        case .dynamixel: (0, 252)
        case .feetech: (0, 253)
        case .moteus: (1, 126)
        case .board: (0, Int32(jointCapacity) - 1)
        }
    }

    /// Bytes that one tick surely puts on the line: a question to all, their answers, a command to all.
    fileprivate func bytes(joints: Int) -> Int {
        switch self {
        // A fast synchronous read of current, speed and position, and a synchronous write of four bytes each.
        case .dynamixel: 36 + 20 * joints
        // A synchronous read of eight bytes, and a synchronous write of six each.
        case .feetech: 16 + 22 * joints
        // A line of hexadecimal digits to each and back.
        case .moteus: 120 * joints
        case .board: 0
        }
    }
}

extension RobotReader {
    mutating func line(_ top: Section) -> RobotFile.Line? {
        guard let section = object(FolderKeys.bus, top, .bus) else { return nil }
        let numbers = numbers(section, .bus)
        let port = text(BusKeys.port, section)?.text
        guard let driver: DriverName = choice(BusKeys.driver, section) else { return nil }
        let given = numbers.optional(BusKeys.baud).map { Int($0) }
        if given != nil, driver.usualBaud == nil { refuse(BusKeys.baud, section, driver) }
        let silence = numbers.optional(BusKeys.watchdog)
        if silence != nil, !driver.hasWatchdog { refuse(BusKeys.watchdog.row, section, driver) }
        let baud = driver.usualBaud.map { given ?? $0 }
        checkLoad(top, section, driver, baud)
        return RobotFile.Line(
            driver: driver, port: port, baud: baud, watchdog: driver.hasWatchdog ? silence ?? Seconds(0.1) : nil)
    }

    private mutating func refuse(_ row: KeyRow, _ section: Section, _ driver: DriverName) {
        append(section.problem(row, .robot(.otherDriver(driver))))
    }

    /// A period that the line cannot carry.
    private mutating func checkLoad(_ top: Section, _ section: Section, _ driver: DriverName, _ baud: Int?) {
        guard let baud, case .list(let joints) = top.members[FolderKeys.joints.name]?.member.value.content else {
            return
        }
        // A byte takes ten bits: start, eight, stop.
        let needed = Float(driver.bytes(joints: joints.count) * 10) / Float(baud)
        guard needed > period.value else { return }
        append(
            top.problem(FolderKeys.period.row, .robot(.lineTooSlow(needed: needed, baud: baud, period: period.value))))
    }

    mutating func mounts(_ top: Section, _ driver: DriverName?) -> [RobotFile.Joint]? {
        var every: Section?
        if let placed = top.members[FolderKeys.everyJoint.name] {
            every = section(of: placed.member.value, .mount, label: "every_joint.")
        }
        guard let value = value(FolderKeys.joints, top) else { return nil }
        let elements = elements(FolderKeys.joints, top)
        guard (1...jointCapacity).contains(elements.count) else {
            if case .list = value.content { append(top.problem(FolderKeys.joints, .jointCount(elements.count))) }
            return nil
        }
        let sections = elements.enumerated().compactMap { index, element in
            section(of: element, .mount, label: "joints[\(index)].")
        }
        let joints = sections.map { section in mount(section, every: every, driver) }
        refuseTwins(MountKeys.name, sections) { .sameJointName($0, first: $1) }
        refuseTwins(MountKeys.id, sections) { .robot(.sameID($0, first: $1)) }
        let known = joints.compactMap { $0 }
        return known.count == elements.count && Set(known.map(\.name)).count == known.count ? known : nil
    }

    /// What each joint must have for itself.
    private mutating func refuseTwins(
        _ row: KeyRow, _ sections: [Section], _ complaint: (String, TextPosition) -> FileComplaint
    ) {
        var seen: [String: TextPosition] = [:]
        for section in sections {
            guard let value = section.members[row.name]?.member.value else { continue }
            let text: String
            switch value.content {
            case .text(let name): text = name
            case .number(let number): text = plainText(number)
            default: continue
            }
            if let first = seen[text] {
                append(section.problem(row, complaint(text, first)))
            } else {
                seen[text] = value.position
            }
        }
    }

    private func plainText(_ number: Double) -> String { Robots.plain(number) }

    private mutating func mount(_ own: Section, every: Section?, _ driver: DriverName?) -> RobotFile.Joint? {
        var section = own
        if let every { section.inherit(from: every, problems: &problems) }
        let before = problems.count
        let numbers = numbers(section, .mount)
        checkID(section, numbers, driver)
        let torque = torque(section, numbers, driver)
        let model = name(MountKeys.model, section)
        let drive: DriveName? = choice(MountKeys.drive, section)
        let direction = word(MountKeys.direction, section)
        checkStops(section, numbers)
        let name = jointName(section)
        guard problems.count == before, let name, let model, let drive, let torque else {
            // The other checks need to know what the joints are called, and little more.
            if let name, drive == nil { undriven.insert(name) }
            return name.map { incomplete($0, drive ?? .position) }
        }
        return RobotFile.Joint(
            name: name, model: model, id: UInt8(numbers.count(MountKeys.id)), drive: drive,
            isOpposite: direction == "opposite", zero: numbers[MountKeys.zero], gear: numbers.bare(MountKeys.gear),
            torque: torque, currentLimit: numbers.optional(MountKeys.currentLimit),
            stopLow: numbers.optional(MountKeys.stopLow), stopHigh: numbers.optional(MountKeys.stopHigh))
    }

    private func incomplete(_ name: String, _ drive: DriveName) -> RobotFile.Joint {
        RobotFile.Joint(
            name: name, model: "", id: 0, drive: drive, isOpposite: false, zero: Radians(0), gear: 1, torque: .known,
            currentLimit: nil, stopLow: nil, stopHigh: nil)
    }

    /// A joint's name is an element's name in expressions.
    private mutating func jointName(_ section: Section) -> String? {
        guard let (name, _) = text(MountKeys.name, section) else { return nil }
        let fits = name.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || $0.isDecimalDigit || $0 == "_" }
        let starts = name.unicodeScalars.first.map { ("a"..."z").contains($0) } == true
        if fits, starts, name.unicodeScalars.count <= 32 { return name }
        append(section.problem(MountKeys.name, .robot(.badWord(name))))
        return nil
    }

    private mutating func checkID(_ section: Section, _ numbers: SectionNumbers, _ driver: DriverName?) {
        guard let driver, !numbers.isFaulty(MountKeys.id) else { return }
        let (low, high) = driver.ids
        let id = numbers.bare(MountKeys.id)
        guard id < Float(low) || id > Float(high) else { return }
        let row = KeyRow.count(.mount, MountKeys.id.name, low, high, .required, MountKeys.id.help)
        append(section.problem(MountKeys.id, .outside(Double(id), row)))
    }

    /// Servos that know currents or duties only need to be told what those mean.
    private mutating func torque(
        _ section: Section, _ numbers: SectionNumbers, _ driver: DriverName?
    ) -> RobotFile.Joint.Torque? {
        let perAmpere = numbers.optional(MountKeys.torquePerAmpere)
        let atFullDuty = numbers.optional(MountKeys.torqueAtFullDuty)
        switch (perAmpere, atFullDuty) {
        case (_?, _?):
            append(section.problem(MountKeys.torqueAtFullDuty.row, .robot(.oneOf(MountKeys.torquePerAmpere.name))))
            return nil
        case (let scale?, nil): return .perAmpere(NewtonMetres(scale))
        case (nil, let scale?): return .atFullDuty(scale)
        case (nil, nil): break
        }
        let rows = [MountKeys.torquePerAmpere, MountKeys.torqueAtFullDuty.row]
        guard driver == .dynamixel || driver == .feetech, !rows.contains(where: numbers.isFaulty) else { return .known }
        append(
            section.problem(
                driver == .dynamixel ? rows[0] : rows[1], .missing(driver == .dynamixel ? rows[0] : rows[1])))
        return nil
    }

    private mutating func checkStops(_ section: Section, _ numbers: SectionNumbers) {
        let (low, high) = (numbers.optional(MountKeys.stopLow), numbers.optional(MountKeys.stopHigh))
        _ = range(
            MountKeys.stopLow.row, MountKeys.stopHigh.row, section,
            (low.map { Double($0.value) }, high.map { Double($0.value) }))
    }

    mutating func sensors(_ top: Section, _ driver: DriverName?) -> [RobotFile.Sensor] {
        named(FolderKeys.sensors, top, .sensor).compactMap { entry in
            let section = entry.section
            let numbers = numbers(section, .sensor)
            let channel = numbers.optional(SensorKeys.channel)
            if channel != nil, let driver, driver != .board { refuse(SensorKeys.channel, section, driver) }
            let (low, high) = (plain(SensorKeys.low, section), plain(SensorKeys.high, section))
            let range = range(SensorKeys.low, SensorKeys.high, section, (low, high))
            let scale = plain(SensorKeys.scale, section)
            let offset = plain(SensorKeys.offset, section)
            let bodySensor = text(SensorKeys.bodySensor, section)?.text
            let start = formula(SensorKeys.start, section).flatMap { self.start(of: entry.name, $0) }
            guard let unit = unit(SensorKeys.unit, section), let range, let scale, let offset else { return nil }
            return RobotFile.Sensor(
                name: entry.name, unit: unit, channel: channel.map { UInt8($0) }, scale: scale, offset: offset,
                range: range, start: start, bodySensor: bodySensor ?? entry.name)
        }
    }

    /// Where an episode begins nothing else is known yet than where the joints are.
    private mutating func start(of sensor: String, _ formula: Formula) -> Program? {
        let positions = measurements(withUnits: false).prefix(1).map(\.declaration)
        guard joints != nil, let vocabulary = try? Vocabulary(positions) else { return nil }
        return program(vocabulary, [], [Wanted("start \(sensor)", formula, .number)])
    }
}
