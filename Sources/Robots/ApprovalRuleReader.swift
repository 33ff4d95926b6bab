import Episodes
import Quantities
import Supervision

/// Turns the document into a rule and collects everything that is wrong on the way.
struct ApprovalRuleReader {
    private let document: JSON5Value
    private var members: [String: JSON5Member] = [:]
    private var found: [ApprovalRuleProblem] = []

    init(_ document: JSON5Value) { self.document = document }

    var problems: [ApprovalRuleProblem] { found.sorted { ($0.position, $0.key) < ($1.position, $1.key) } }

    /// Nil only when a problem has been found.
    mutating func read() -> StandingRule? {
        guard case .object(let members) = document.content else {
            found.append(ApprovalRuleProblem(document.position, "", .notAnObject(ValueKind(document.content))))
            return nil
        }
        let known = ApprovalRuleKey.all.map(\.name)
        for member in members {
            self.members[member.key] = member
            guard !known.contains(member.key) else { continue }
            let complaint = ApprovalRuleProblem.Complaint.unknownKey(nearest: nearest(to: member.key, among: known))
            found.append(ApprovalRuleProblem(member.keyPosition, member.key, complaint))
        }
        return rule()
    }

    private mutating func rule() -> StandingRule? {
        _ = whole("format")
        let (name, robot, signer) = (name("rule"), name("robot"), name("signer"))
        let envelope = text("envelope") { Digest(text: $0) }
        let until = text("until") { WallInstant(text: $0) }
        let (margin, distance) = (number("least_margin_share"), number("policy_distance_nats"))
        let (hottest, time) = (number("hottest_c"), number("least_time_left_s"))
        let episodes = whole("episodes_per_day")
        let band = members["widest_band_rad"].flatMap { _ in number("widest_band_rad") }
        guard let name, let robot, let signer, let envelope, let until, let margin, let distance, let hottest, let time,
            let episodes
        else { return nil }
        return StandingRule(
            name: name, robot: robot, envelope: envelope, leastMargin: margin, greatestDistance: distance,
            hottest: Celsius(hottest), leastTimeLeft: Seconds(time), widestBand: band.map { Radians($0) },
            episodesPerDay: UInt32(episodes), until: until, signer: signer)
    }

    private mutating func value(_ name: String) -> (JSON5Value, ApprovalRuleKey)? {
        guard let key = ApprovalRuleKey.all.first(where: { $0.name == name }) else {
            preconditionFailure("every key that is read is in the table")
        }
        if let member = members[name] { return (member.value, key) }
        complain(document.position, name, .missing(key))
        return nil
    }

    private mutating func complain(_ position: TextPosition, _ key: String, _ it: ApprovalRuleProblem.Complaint) {
        found.append(ApprovalRuleProblem(position, key, it))
    }

    private mutating func text<Value>(_ name: String, _ parse: (String) -> Value?) -> Value? {
        guard let (value, key) = value(name) else { return nil }
        guard case .text(let text) = value.content else {
            complain(value.position, name, .wrongKind(ValueKind(value.content), key))
            return nil
        }
        if let parsed = parse(text) { return parsed }
        complain(value.position, name, .notAllowed(text, key))
        return nil
    }

    private mutating func name(_ name: String) -> Name? { text(name) { Name($0) } }

    private mutating func number(_ name: String) -> Float? {
        guard let (value, key) = value(name) else { return nil }
        guard case .number(let number) = value.content else {
            complain(value.position, name, .wrongKind(ValueKind(value.content), key))
            return nil
        }
        if case .number(_, let low, let high) = key.kind, low <= number, number <= high { return Float(number) }
        complain(value.position, name, .notAllowed(plain(number), key))
        return nil
    }

    private mutating func whole(_ name: String) -> Int? {
        guard let (value, key) = value(name) else { return nil }
        guard case .number(let number) = value.content else {
            complain(value.position, name, .wrongKind(ValueKind(value.content), key))
            return nil
        }
        if case .whole(let low, let high) = key.kind, let count = Int(exactly: number), low <= count, count <= high {
            return count
        }
        complain(value.position, name, .notAllowed(plain(number), key))
        return nil
    }
}
