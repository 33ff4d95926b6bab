import Embodiment
import Ports
import Robots
import VirtualRobot

/// What is to be pretended.
enum VirtualOptions: Equatable, Sendable {
    case listFaults(asJSON: Bool)
    case bus(VirtualBusOptions)
    case robot(VirtualRobotOptions)
}

struct VirtualBusOptions: Equatable, Sendable {
    var servos: [VirtualServo]
    var rate: BaudRate
    var faults = FaultPlan.none
    var run = VirtualRun()
}

/// How a virtual robot runs, whatever it is.
struct VirtualRun: Equatable, Sendable {
    /// A name that leads to the port; nil for none.
    var link: String?
    /// The socket of masters that bring the time along; nil for a pseudo terminal in real time.
    var lockstep: String?
    /// How much faster than real time it goes; nil for as fast as it can.
    var speed: Double?
    /// By how much one robot differs from another, as `body.spread` has it, or bare servos by what share; nil as the robot's
    /// folder says, or not at all.
    var spread: Float?
    /// Where the run is written; nil for nowhere.
    var record: String?
    /// The socket by which others press, hold, break and mend; nil for none.
    var control: String?
    var hasView = false
}

extension VirtualOptions {
    private static let allowed: [Option] = [
        .servos, .baud, .link, .lockstep, .speed, .seed, .spread, .fault, .faults, .record, .control, .view,
        .firmware, .robots, .envelopes, .listFaults, .json, .help,
    ]

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let line = try CommandLineWords(words, of: .virtual, allowed: allowed)
        let robots = line.has(.servos) || line.has(.listFaults) ? 0 : 1
        if line.arguments.count > robots { throw .unexpectedArgument(line.arguments[robots], .virtual) }
        if line.has(.listFaults) { return .virtual(.listFaults(asJSON: line.has(.json))) }
        if line.has(.json) { throw .optionWithout(.json, .listFaults, .virtual) }
        if let name = line.arguments.first { return .virtual(.robot(try line.robot(name))) }
        for option in [Option.robots, .envelopes, .firmware] where line.has(option) {
            throw .optionOfTask(option, "virtual ROBOT", .virtual)
        }
        guard let text = line.value(of: .servos) else { throw .missingWord("a ROBOT, or --servos LIST", .virtual) }
        let servos = try line.servos(text)
        guard let usual = servos.first?.product.usualRate else { throw .missingOption(.servos, .virtual) }
        let faults = try line.faults(seed: try line.seed())
        if let far = faults.beyond(servos.count) {
            throw .badValue("--faults", far, VirtualRun.places(servos.count), .virtual)
        }
        return .virtual(
            .bus(
                VirtualBusOptions(
                    servos: servos, rate: try line.rate() ?? usual, faults: faults, run: try line.virtualRun())))
    }
}

extension CommandLineWords {
    fileprivate func virtualRun() throws(UsageError) -> VirtualRun {
        if has(.link), has(.lockstep) { throw .exclusive(.link, .lockstep, verb) }
        var run = VirtualRun(link: value(of: .link), lockstep: value(of: .lockstep))
        run.speed = try speed()
        run.spread = try spread()
        run.record = value(of: .record)
        run.control = value(of: .control)
        run.hasView = has(.view)
        return run
    }

    private func speed() throws(UsageError) -> Double? {
        guard let text = value(of: .speed) else { return has(.lockstep) ? nil : 1 }
        if text == "max" {
            guard has(.lockstep) else {
                let expected = "a number; max goes with --lockstep only, whose masters bring the time along"
                throw .badValue("--speed", text, expected, verb)
            }
            return nil
        }
        guard let speed = Double(text), (0.01...1_000).contains(speed) else {
            throw .badValue("--speed", text, "a number from 0.01 to 1000, or max", verb)
        }
        return speed
    }

    private func spread() throws(UsageError) -> Float? {
        guard let text = value(of: .spread) else { return nil }
        // Bare servos differ by a share of their numbers, a robot as many times as those that can be bought do.
        let (range, expected): (ClosedRange<Float>, String) =
            has(.servos)
            ? (0...0.5, "a share from 0 to 0.5, like 0.1 for a tenth")
            : (0...3, "a number from 0 to 3, like 1 for a robot as bought")
        guard let spread = Float(text), range.contains(spread) else {
            throw .badValue("--spread", text, expected, verb)
        }
        return spread
    }

    private static let servosExpected =
        "products with their numbers, all of one maker, like xl330-m288:1-3,xm430-w350:7; products are "
        + VirtualProduct.allNames.joined(separator: ", ")

    fileprivate func servos(_ text: String) throws(UsageError) -> [VirtualServo] {
        var servos: [VirtualServo] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let product = VirtualProduct(String(parts[0])),
                let ids = Self.ids(parts[1]), ids.upperBound <= product.greatestID, ids.lowerBound >= product.leastID
            else { throw .badValue("--servos", text, Self.servosExpected, verb) }
            servos += ids.map { VirtualServo(product: product, id: $0) }
        }
        let isOneFamily = Set(servos.map(\.product.family)).count == 1
        let areDifferent = Set(servos.map(\.id)).count == servos.count
        guard isOneFamily, areDifferent, servos.count <= VirtualProduct.mostServos else {
            throw .badValue("--servos", text, "at most 32 servos of one maker, each with a number of its own", verb)
        }
        return servos
    }

    private static func ids(_ text: Substring) -> ClosedRange<UInt8>? {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt8($0) }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high else { return nil }
        return low...high
    }

    fileprivate func seed() throws(UsageError) -> UInt64 {
        guard let text = value(of: .seed) else { return 1 }
        guard let seed = UInt64(text) else { throw .badValue("--seed", text, "a whole number from 0 on", verb) }
        return seed
    }

    fileprivate func faults(seed: UInt64) throws(UsageError) -> FaultPlan {
        var plan = FaultPlan([], seed: seed)
        for option in [Option.faults, .fault] {
            guard let text = value(of: option) else { continue }
            do throws(FaultPlanError) {
                plan.faults += try FaultPlan(parsing: text).faults
            } catch {
                throw .badValue(option.name, error.word, error.expected, verb)
            }
        }
        return plan
    }

    fileprivate func robot(_ name: String) throws(UsageError) -> VirtualRobotOptions {
        if has(.baud) { throw .optionWithout(.baud, .servos, verb) }
        return VirtualRobotOptions(
            source: RobotSource(name, robots: value(of: .robots), envelopes: value(of: .envelopes)),
            faults: try faults(seed: try seed()), run: try virtualRun(),
            firmware: value(of: .firmware).map(BoardFirmwareChoice.init) ?? .host)
    }
}

extension FaultPlan {
    /// A fault of a servo that is not there, as it would be written.
    func beyond(_ places: Int) -> String? { faults.first { $0.place.map { $0 >= places } ?? false }?.shortText }
}

extension VirtualRun {
    static func places(_ count: Int) -> String { "the place of a servo along the wire, from 1 to \(count)" }
}

extension FaultPlanError {
    var expected: String {
        switch self {
        case .unknownName(let word):
            nearest(to: word, among: FaultName.allCases.map(\.rawValue)).map { "a fault, perhaps '\($0)'" }
                ?? "a fault that 'understudy virtual --list-faults' shows"
        case .badTime: "a time like 250us, 500ms or 2s"
        case .badValue: "a number that this fault can have; 'understudy virtual --list-faults' says which"
        case .badPlace: "the place of a servo along the wire, counted from 1"
        case .noPlace: "no '#': it strikes the whole line"
        case .noValue: "no ':': it takes no number"
        }
    }
}
