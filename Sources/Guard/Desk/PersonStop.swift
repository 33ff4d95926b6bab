public import Episodes
public import Ledger
import Supervision

/// A person has stopped the robot, and no operator has resumed since. What was allowed before does not fly: whoever
/// pressed stop may have a hand in the robot.
public struct PersonStop: Equatable, Sendable {
    /// The number of the user who stopped it last; that of nobody, where an entry of the ledger does not tell.
    public let by: UInt32
    public let why: String
    public let at: WallInstant
    /// The episode that was under way.
    let during: UInt64?
    /// The newest entry of the ledger when the stop came, or its own.
    var newest: UInt64
    /// Whether it stands in the ledger, where the next guard finds it.
    var isWritten = false
    /// As it stands in the ledger.
    let detail: String

    init(_ why: String, by author: Author, at now: WallInstant, during flight: UInt64?, newest: UInt64) {
        (detail, self.why) = (Self.detail(why, by: author), String(why.prefix(500)))
        (by, at, during, self.newest) = (author.userNumber, now, flight, newest)
    }
}

// In the ledger a person's stop is a fault (024) with their name, number and words. Stops that are no person's, or were
// written down already, begin with words that no name can: names have no spaces.
extension PersonStop {
    fileprivate static func detail(_ why: String, by author: Author) -> String {
        String("\(author.name) (\(author.userNumber)): \(why)".prefix(500))
    }

    /// How the detail of a stop begins that the guard has ordered by itself.
    static let own = "by itself: "
    /// How one begins that says how often a stop was repeated which stands there already.
    static let counted = "counted again: "

    /// Nil where the entry is no stop, or no person's. One that nobody can read is a person's: unknown means stop.
    init?(_ open: OpenFault) {
        guard open.fault == .operatorStop, !open.detail.hasPrefix(Self.own), !open.detail.hasPrefix(Self.counted)
        else { return nil }
        let match = open.detail.wholeMatch(of: /[^ ]+ \(([0-9]+)\): (.*)/.dotMatchesNewlines())
        by = match.flatMap { UInt32($0.1) } ?? Self.nobody
        why = match.map { String($0.2) } ?? open.detail
        (at, during, newest, isWritten, detail) = (open.at, nil, open.serial, true, open.detail)
    }

    private static let nobody: UInt32 = 65_534
}

extension Ledger {
    /// Writes down that a person has stopped the robot while no guard was there to do so: the next one keeps down what was
    /// allowed before.
    public mutating func report(stop why: String, by author: Author, at now: WallInstant) throws(LedgerError) {
        _ = try report(.operatorStop, detail: PersonStop.detail(why, by: author), at: now)
    }
}
