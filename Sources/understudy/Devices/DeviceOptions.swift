import Actuators
import Ports
import Robots

/// A port as it was named: understood, or a name that another device may have tomorrow.
enum PortName: Equatable, Sendable {
    case address(DeviceAddress)
    case unstable(String)
}

/// Where to look, for what.
struct DeviceLook: Equatable, Sendable {
    var port: PortName
    var families: [ServoFamily]
    var rates = RateChoice.usualFirst
    /// nil stands for every number that a family has.
    var ids: ClosedRange<UInt8>?
    /// nil waits as long as answers turn out to take.
    var patience: Duration?

    func plan(at address: DeviceAddress) -> DeviceScan.Plan {
        DeviceScan.Plan(address: address, families: families, rates: rates, ids: ids, patience: patience)
    }
}

/// At which rates servos are looked for.
enum RateChoice: Equatable, Sendable {
    /// At those of new servos; at the others that a family has only when nobody answers there.
    case usualFirst
    case all
    case only([BaudRate])

    var partCount: Int { self == .usualFirst ? 2 : 1 }

    /// The rates for servos of one family, in parts of which a later one is needed only when the earlier bring nobody.
    func parts(of facts: FamilyFacts) -> [[BaudRate]] {
        switch self {
        case .usualFirst: [facts.factoryRates, facts.rates.filter { !facts.factoryRates.contains($0) }]
        case .all: [facts.rates]
        case .only(let rates): [rates]
        }
    }
}

struct ScanOptions: Equatable, Sendable {
    /// nil lists the ports and asks no device.
    var look: DeviceLook?
    var asJSON = false
}

/// One servo, and what is to be done with it.
struct ServoOptions: Equatable, Sendable {
    var id: UInt8
    var port: PortName
    var family: ServoFamily
    /// nil looks for the servo at every rate.
    var rate: BaudRate?
    /// How much later than wire and servo need an answer may come. One servo may take its time: only silence costs it.
    var patience = Duration.milliseconds(100)
    var task: ServoTask
    var isDryRun = false
    var mayMove = false
    var asJSON = false
}

enum ServoTask: Equatable, Sendable {
    /// Nothing named stands for everything.
    case read([BenchRegister])
    case write(BenchRegister, Int64)
    case reboot
    case setID(UInt8)
    case setRate(BaudRate)
    /// The path of settings that were kept.
    case restore(String)

    var onlyReads: Bool { if case .read = self { true } else { false } }

    /// Whether something that survives a loss of power is written.
    var changesSettings: Bool {
        switch self {
        case .read, .reboot: false
        case .write(let register, _): register.memory == .persistent
        case .setID, .setRate, .restore: true
        }
    }
}

// What the options of the device verbs say.
extension CommandLineWords {
    static let ports = "a name that 'understudy scan' shows, /dev/pts/N or the path of a socket"
    static let deviceOptions: [Option] = [.port, .family, .baud, .json, .help]

    func port() throws(UsageError) -> PortName? {
        guard let text = value(of: .port) else { return nil }
        do throws(AddressProblem) {
            return .address(try DeviceAddress(text))
        } catch .unstable {
            return .unstable(text)
        } catch {
            throw .badValue("--port", text, CommandLineWords.ports, verb)
        }
    }

    func neededPort() throws(UsageError) -> PortName {
        guard let port = try port() else { throw .missingOption(.port, verb) }
        return port
    }

    func families() throws(UsageError) -> [ServoFamily] {
        guard let text = value(of: .family), text != "all" else { return ServoFamily.allCases }
        return [try family(text, orAll: true)]
    }

    func neededFamily() throws(UsageError) -> ServoFamily {
        guard let text = value(of: .family) else { throw .missingOption(.family, verb) }
        return try family(text, orAll: false)
    }

    private func family(_ text: String, orAll: Bool) throws(UsageError) -> ServoFamily {
        guard let family = ServoFamily(rawValue: text) else {
            let names = ServoFamily.allCases.map(\.rawValue) + (orAll ? ["all"] : [])
            throw .badValue("--family", text, names.joined(separator: " or "), verb)
        }
        return family
    }

    func rates() throws(UsageError) -> RateChoice {
        guard let text = value(of: .baud) else { return .usualFirst }
        if text == "all" { return .all }
        var rates: [BaudRate] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let rate = UInt32(word).flatMap(BaudRate.init) else {
                throw .badValue("--baud", text, "rates like 57600,1000000, or all", verb)
            }
            if !rates.contains(rate) { rates.append(rate) }
        }
        return .only(rates)
    }

    /// Where the doctor shall look for servos; nil for nowhere.
    func look() throws(UsageError) -> DeviceLook? {
        guard let port = try port() else {
            if let lonely = [Option.family, .baud, .ids, .patience].first(where: has) {
                throw .optionWithout(lonely, .port, verb)
            }
            return nil
        }
        let families = try families()
        return DeviceLook(
            port: port, families: families, rates: try rates(), ids: try ids(of: families), patience: try patience())
    }

    func patience() throws(UsageError) -> Duration? {
        guard let text = value(of: .patience) else { return nil }
        guard let number = Int(text), (1...60_000).contains(number) else {
            throw .badValue("--patience", text, "milliseconds from 1 to 60000", verb)
        }
        return .milliseconds(number)
    }

    func rate() throws(UsageError) -> BaudRate? {
        guard let text = value(of: .baud) else { return nil }
        return try CommandLineWords.rate(text, "--baud", verb)
    }

    static func rate(_ text: String, _ place: String, _ verb: VerbName) throws(UsageError) -> BaudRate {
        guard let rate = UInt32(text).flatMap(BaudRate.init) else {
            throw .badValue(place, text, "a rate like 57600", verb)
        }
        return rate
    }

    func ids(of families: [ServoFamily]) throws(UsageError) -> ClosedRange<UInt8>? {
        guard let text = value(of: .ids) else { return nil }
        let most = families.map(\.facts.ids.upperBound).max() ?? 0
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt8($0) }
        guard let low = ends.first ?? nil, let high = ends.last ?? nil, low <= high, high <= most else {
            throw .badValue("--ids", text, "a number or a range from 0 to \(most), like 1-20", verb)
        }
        return low...high
    }
}

extension ServoTask {
    static let words = ["read", "write", "reboot", "set-id", "set-baud", "restore"]

    /// Understands the words behind the number of a servo.
    static func parse(_ words: ArraySlice<String>, _ family: ServoFamily) throws(UsageError) -> ServoTask {
        guard let word = words.first else { throw .missingWord(ServoTask.words.joined(separator: ", "), .servo) }
        let rest = Array(words.dropFirst())
        let counts = ["read": Int.max, "write": 2, "reboot": 0, "set-id": 1, "set-baud": 1, "restore": 1]
        guard let most = counts[word] else {
            throw .unknownTask(word, nearest: Robots.nearest(to: word, among: ServoTask.words))
        }
        if rest.count > most { throw .unexpectedArgument(rest[most], .servo) }
        switch word {
        case "read":
            var registers: [BenchRegister] = []
            for name in rest { registers.append(try register(name, family)) }
            return .read(registers)
        case "write": return try write(rest, family)
        case "reboot": return .reboot
        case "restore":
            guard let path = rest.first else { throw .missingWord("a FILE of kept settings", .servo) }
            return .restore(path)
        case "set-id": return .setID(try id(rest.first, "a new number", family))
        default:
            guard let text = rest.first else { throw .missingWord("a rate", .servo) }
            return .setRate(try CommandLineWords.rate(text, "set-baud", .servo))
        }
    }

    private static func write(_ words: [String], _ family: ServoFamily) throws(UsageError) -> ServoTask {
        guard let name = words.first else { throw .missingWord("a register and a value", .servo) }
        let register = try register(name, family)
        guard words.count > 1 else { throw .missingWord("a value", .servo) }
        let text = words[1]
        let isHexadecimal = text.hasPrefix("0x")
        guard let number = isHexadecimal ? Int64(text.dropFirst(2), radix: 16) : Int64(text) else {
            throw .badValue("write", text, "a whole number, decimal or 0x…", .servo)
        }
        return .write(register, number)
    }

    /// A number that a servo of the family may have.
    static func id(_ text: String?, _ what: String, _ family: ServoFamily) throws(UsageError) -> UInt8 {
        guard let text else { throw .missingWord(what, .servo) }
        let ids = family.facts.ids
        guard let id = UInt8(text), ids.contains(id) else {
            throw .badValue("the number of a servo", text, "from \(ids.lowerBound) to \(ids.upperBound)", .servo)
        }
        return id
    }

    /// By its name, in whatever letters and with or without dashes, or by its address.
    private static func register(_ text: String, _ family: ServoFamily) throws(UsageError) -> BenchRegister {
        let all = family.facts.registers(nil)
        let wanted = plainName(text)
        if let register = all.first(where: { plainName($0.name) == wanted || "\($0.address)" == text }) {
            return register
        }
        throw .unknownRegister(text, family, nearest: Robots.nearest(to: text, among: all.map(\.name)))
    }

    private static func plainName(_ text: String) -> String {
        text.lowercased().filter { $0 != "-" && $0 != "_" }
    }
}
