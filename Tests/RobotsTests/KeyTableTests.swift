import Quantities
import Supervision
import TestSupport
import Testing

@testable import Robots

@Suite("The table of keys")
struct KeyTableTests {
    private static let suffixes = [
        "rad": "_rad", "rad/s": "_rad_s", "rad/s²": "_rad_s2", "N·m": "_nm", "N·m/s": "_nm_s", "N·m/rad": "_nm_rad",
        "N·m·s/rad": "_nm_s_rad", "1/s": "_per_s", "s": "_s", "V": "_v", "Ω": "_ohm", "W": "_w", "J": "_j",
        "°C": "_c", "K/W": "_k_w", "J/K": "_j_k", "ranges": "_ranges", "ranges/s": "_ranges_s", "A": "_a",
        "N·m/A": "_nm_a", "1/K": "_per_k", "kg·m²": "_kg_m2",
        "1/rad": "_per_rad", "rad/rad": "_rad_per_rad", "K": "_k", "min": "_min", "credits": "_credits",
        "credits/s": "_credits_s", "credits/rad": "_credits_rad", "credits/(N·m·s)": "_credits_nm_s",
        "credits/K": "_credits_k", "credits/min": "_credits_min",
    ]

    private static let rows = KeyTable.all.flatMap(\.rows)

    @Test("every number carries its unit in its name, has a range and a default inside it", arguments: rows)
    func unitAndRange(row: KeyRow) {
        switch row.kind {
        case .number(let symbol, let low, let high):
            // A number without a unit is a share, a count or a factor; no unit stands at the end of its name.
            if symbol.isEmpty {
                #expect(!Self.suffixes.values.contains { $0.count > 2 && row.name.hasSuffix($0) })
            } else {
                #expect(Self.suffixes[symbol].map(row.name.hasSuffix) == true, "\(row.name) in \(symbol)")
            }
            #expect(low < high && low.isFinite && high.isFinite)
            if case .standard(let value) = row.presence { #expect(low <= value && value <= high) }
        case .whole(let low, let high):
            #expect(low <= high && (row.scope != .robot || row.name.contains("ticks") != (row.name == "format")))
            if case .standard(let value) = row.presence { #expect(Float(low) <= value && value <= Float(high)) }
        case .choice(let words):
            if case .usual(let word) = row.presence { #expect(words.contains(word)) }
        case .byJoint(let symbol, let low, let high):
            #expect(Self.suffixes[symbol].map(row.name.hasSuffix) == true && low < high)
        default: break
        }
    }

    @Test("every key has one sentence of help", arguments: rows)
    func help(row: KeyRow) {
        #expect(row.help.hasSuffix(".") && row.help.count > 10 && row.help.count <= 100, "\(row.path)")
        #expect(row.help.first?.isUppercase == true || row.name == "step" || row.name == "equations")
    }

    @Test("no two keys of one object have one name")
    func names() {
        for table in KeyTable.all { #expect(Set(table.rows.map(\.path)).count == table.rows.count) }
        #expect(Set(KeyTable.envelope.rows.map(\.name)).count == KeyTable.envelope.rows.count)
    }

    @Test("every object that a key opens has keys of its own, and every object is opened by a key")
    func objects() {
        let opened: [KeyRow.Scope] = KeyTable.robot.rows.compactMap { row in
            switch row.kind {
            case .object(let scope), .objects(let scope), .named(let scope): scope
            default: nil
            }
        }
        for scope in opened { #expect(!KeyTable.robot.rows(of: scope).isEmpty) }
        let ofRobot = KeyRow.Scope.allCases.filter { $0 != .robot && $0 != .joint && $0 != .folder }
        for scope in ofRobot { #expect(opened.contains(scope), "\(scope)") }
    }

    @Test("every value of the supervisor's envelope is set by exactly one key")
    func coverage() {
        let keys = (UInt8.min...UInt8.max).compactMap(EnvelopeKey.init)
        #expect(keys.count > 40)
        for key in keys {
            #expect(KeyTable.envelope.rows.filter { $0.sets == key }.count == 1, "\(key)")
        }
    }

    @Test("each key sets what it says and nothing else")
    func effects() throws {
        let numbers = KeyTable.envelope.rows.filter { $0.name != "format" && $0.isNumber }
        let lines = try numbers.map { row in "\(row.path) sets \(try effect(of: row).joined(separator: ", "))\n" }
        #expect(Golden.difference(lines.joined(), from: "Golden/key-effects.txt") == nil)
    }

    /// The values of the envelope that change when this key gets a larger value.
    private func effect(of row: KeyRow) throws -> [String] {
        let drive: DriveName = if case .only(let drive) = row.presence { drive } else { .position }
        let base = EnvelopeText(drive)
        let value = try #require((row.scope == .robot ? base.robot : base.joints[0])[row.name].flatMap(Double.init))
        let larger = row.isWhole ? value + 1 : value + abs(value) / 8
        let (before, after) = (try base.parse(), try base.setting(row, to: "\(larger)").parse())
        #expect(before.envelope.identity != after.envelope.identity, "\(row.name)")
        let pairs = zip(leaves(before), leaves(after))
        return pairs.filter { $0.1 != $1.1 }.map(\.0.0)
    }

    private func leaves(_ file: EnvelopeFile) -> [(String, String)] {
        leaves("robot", file.envelope.robot) + leaves("joint", file.envelope.joints.elements[0])
    }

    /// Every value inside `value` that has no parts of its own, by the names of the properties on the way to it.
    private func leaves(_ path: String, _ value: Any) -> [(String, String)] {
        let children = Mirror(reflecting: value).children.filter { $0.label != nil }
        if children.isEmpty { return [(path, "\(value)")] }
        return children.flatMap { child in
            let label = child.label ?? ""
            return leaves(label == "value" || label == "rawValue" ? path : "\(path).\(label)", child.value)
        }
    }
}

extension KeyRow {
    var isWhole: Bool { if case .whole = kind { true } else { false } }
}
