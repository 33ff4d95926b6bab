public import Episodes
internal import JSON
public import Learning
public import Supervision

/// What a learner has asked for last and why: a file in the folder of its run, for whoever decides.
public struct NextPurchase: Equatable, Sendable {
    public static let fileName = "next.json"

    public let plan: Digest
    /// Of the other robots of the run, in their order, at the same time.
    public var others: [Digest] = []
    public let purchase: Purchase
    /// Of this one episode, in the four currencies of the account.
    public let price: Cost

    public init(plan: Digest, purchase: Purchase, price: Cost) {
        (self.plan, self.purchase, self.price) = (plan, purchase, price)
    }

    public var bytes: [UInt8] {
        var object: JSONObject = [
            "plan_sha256": .text(plan.text), "purpose": .text("\(purchase.purpose)"),
            "taken": .integer(Int64(purchase.taken)), "episodes": .integer(Int64(purchase.episodes)),
            "free_per_real": .integer(Int64(purchase.freePerReal)), "cost": .real(purchase.cost),
            "time_ms": .integer(price.time.rawValue), "wear_microlives": .integer(price.wear.rawValue),
            "heat_mj": .integer(price.heat.rawValue), "attention_ms": .integer(price.attention.rawValue),
        ]
        if !others.isEmpty { object["others_sha256"] = .list(others.map { .text($0.text) }) }
        object["gain"] = purchase.gain.map { .list([.real($0.value), .real($0.low), .real($0.high)]) }
        object["needed"] = purchase.needed.map { .integer(Int64($0)) }
        object["is_worth_it"] = purchase.isWorthIt.map { .boolean($0) }
        return JSONValue.object(object).bytes + [0x0A]
    }

    /// Nil when the bytes are not such a file.
    public init?(_ bytes: [UInt8]) {
        guard let words = Self.object(bytes), let plan = words["plan_sha256"]?.text.flatMap(Digest.init(text:)),
            let purpose = Purchase.Purpose.allCases.first(where: { "\($0)" == words["purpose"]?.text }),
            let cost = words["cost"]?.number
        else { return nil }
        func whole(_ key: String) -> Int64 { words[key]?.integer ?? 0 }
        let ends = words["gain"]?.list?.compactMap(\.number) ?? []
        self.plan = plan
        others = words["others_sha256"]?.list?.compactMap { $0.text.flatMap(Digest.init(text:)) } ?? []
        purchase = Purchase(
            purpose, taken: Int(whole("taken")), of: Int(whole("episodes")), freePerReal: Int(whole("free_per_real")),
            cost: cost, gain: ends.count == 3 ? Interval(ends[0], low: ends[1], high: ends[2]) : nil,
            needed: words["needed"]?.integer.map { Int($0) }, isWorthIt: words["is_worth_it"]?.boolean)
        price = Cost(
            time: Milliseconds(whole("time_ms")), wear: Microlives(whole("wear_microlives")),
            heat: Millijoules(whole("heat_mj")), attention: Milliseconds(whole("attention_ms")))
    }

    private static func object(_ bytes: [UInt8]) -> JSONObject? {
        do throws(JSONError) { return try JSONValue(parsing: bytes).object } catch { return nil }
    }
}
