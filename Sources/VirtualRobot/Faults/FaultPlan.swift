/// One thing that goes wrong: what, where, from when, for how long, how much.
public struct Fault: Equatable, Sendable {
    public let name: FaultName
    /// Which servo or joint, counted from 0 along the wire; nil for all of them.
    public let place: Int?
    public let from: BusInstant
    /// nil for a fault that stays.
    public let until: BusInstant?
    /// In the unit of its name.
    public let value: Double

    init(name: FaultName, place: Int? = nil, from: BusInstant = .start, until: BusInstant? = nil, value: Double = 0) {
        self.name = name
        self.place = place
        self.from = from
        self.until = until
        self.value = value
    }

    public func isPresent(at instant: BusInstant) -> Bool {
        instant >= from && until.map { instant < $0 } ?? true
    }

    /// The same later: its times count from this instant.
    func counted(from instant: BusInstant) -> Fault {
        Fault(
            name: name, place: place, from: instant + from.nanoseconds,
            until: until.map { instant + $0.nanoseconds }, value: value)
    }

    /// The same, over at an instant.
    func ended(at instant: BusInstant) -> Fault {
        Fault(name: name, place: place, from: from, until: instant, value: value)
    }
}

/// Everything that goes wrong in one run. The same plan and seed give the same run.
public struct FaultPlan: Equatable, Sendable {
    public var faults: [Fault]
    public var seed: UInt64

    public init(_ faults: [Fault] = [], seed: UInt64 = 0) {
        self.faults = faults
        self.seed = seed
    }

    public static let none = FaultPlan()

    /// Parses faults separated by commas or blanks, each `name[#servo][@from][+duration][:value]`.
    ///
    /// Servos count from 1. Times are like `250us`, `500ms`, `2s`; without `@` a fault is there from the start, without
    /// `+` it stays: `packet-loss@2s+500ms:0.1`, `stuck-joint#2@1s`.
    public init(parsing text: String, seed: UInt64 = 0) throws(FaultPlanError) {
        self.init([], seed: seed)
        for word in text.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\n" }) {
            faults.append(try Fault(parsing: word))
        }
    }
}

/// Why a text is no plan of faults; each case has the words that are wrong.
public enum FaultPlanError: Error, Equatable, Sendable {
    case unknownName(String)
    case badTime(String)
    /// No number, or one that this fault cannot have.
    case badValue(String)
    /// Not a number from 1 on.
    case badPlace(String)
    /// This fault strikes the whole line.
    case noPlace(FaultName)
    case noValue(FaultName)
}
