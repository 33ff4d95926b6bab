import Actuators
import Episodes
import Robots
import Supervision

/// Which number which servo is to have.
struct SetupPlan: Equatable, Sendable {
    struct Place: Equatable, Sendable {
        let id: UInt8
        /// What it will be: shoulder, elbow.
        let name: String
    }

    let family: ServoFamily
    /// As a person wrote them.
    let places: [Place]

    /// nil unless the text is `NUMBER:NAME,...` with every number and every name once.
    init?(_ text: String, _ family: ServoFamily) {
        let ids = family.facts.ids
        var places: [Place] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = word.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let id = UInt8(parts[0]), ids.contains(id), SetupPlan.isName(parts[1]) else {
                return nil
            }
            let place = Place(id: id, name: String(parts[1]))
            guard !places.contains(where: { $0.id == place.id || $0.name == place.name }) else { return nil }
            places.append(place)
        }
        self.family = family
        self.places = places
    }

    private static func isName(_ text: Substring) -> Bool {
        (1...32).contains(text.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }

    /// In which order they are done. The number that servos leave the factory with comes last: until then, whoever
    /// answers to it is a new one.
    var order: [Place] {
        let factory = family.facts.factory.id
        return places.filter { $0.id != factory } + places.filter { $0.id == factory }
    }

    var text: String { places.map { "\($0.id):\($0.name)" }.joined(separator: ",") }
}

/// What of a plan is done, as it is kept in a file.
struct SetupState: Equatable, Sendable {
    let plan: SetupPlan
    private(set) var done: Set<UInt8> = []

    init(_ plan: SetupPlan) { self.plan = plan }

    private static let title = "understudy servo setup 1"

    /// nil when the text is no state of this plan.
    init?(_ text: String, of plan: SetupPlan) {
        let lines = text.split(separator: "\n").map(String.init)
        guard lines.count >= 2, lines[0] == SetupState.title, lines[1] == SetupState.head(plan) else { return nil }
        self.plan = plan
        for line in lines.dropFirst(2) {
            guard line.hasPrefix("done "), let id = UInt8(line.dropFirst(5)),
                plan.places.contains(where: { $0.id == id })
            else { return nil }
            done.insert(id)
        }
    }

    private static func head(_ plan: SetupPlan) -> String { "plan \(plan.family.rawValue) \(plan.text)" }

    var text: String {
        ([SetupState.title, SetupState.head(plan)] + done.sorted().map { "done \($0)" }).map { "\($0)\n" }.joined()
    }

    var next: SetupPlan.Place? { plan.order.first { !done.contains($0.id) } }

    mutating func finish(_ place: SetupPlan.Place) { done.insert(place.id) }

    /// What to do with the one servo that answers.
    enum Move: Equatable, Sendable {
        /// It has the number already: it came so, or the last run ended after it was given.
        case keep
        case give
        /// It is one that is done; somebody forgot to change it.
        case isDone(SetupPlan.Place)
    }

    func move(for place: SetupPlan.Place, found id: UInt8) -> Move {
        if id == place.id { return .keep }
        if let other = plan.places.first(where: { $0.id == id && done.contains($0.id) }) { return .isDone(other) }
        return .give
    }

    /// A name of its own for every plan, so that two robots do not share one.
    var fileName: String {
        "servo-setup-\(Digest(of: SetupState.head(plan)).text.prefix(12)).txt"
    }
}
