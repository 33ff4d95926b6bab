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
        "°C": "_c", "K/W": "_k_w", "J/K": "_j_k", "ranges": "_ranges", "ranges/s": "_ranges_s",
    ]

    @Test("every number carries its unit in its name, has a range and a default inside it", arguments: KeyTable.envelope.rows)
    func unitAndRange(row: KeyRow) {
        switch row.kind {
        case .number(let symbol, let low, let high):
            #expect(Self.suffixes[symbol].map(row.name.hasSuffix) == true)
            #expect(low < high && low.isFinite && high.isFinite)
            if case .standard(let value) = row.presence { #expect(low <= value && value <= high) }
        case .whole(let low, let high):
            #expect(low <= high && row.name.contains("ticks") != (row.name == "format"))
            if case .standard(let value) = row.presence { #expect(Float(low) <= value && value <= Float(high)) }
        case .name, .choice, .joints, .everyJoint: break
        }
    }

    @Test("every key has one sentence of help", arguments: KeyTable.envelope.rows)
    func help(row: KeyRow) {
        #expect(row.help.hasSuffix(".") && row.help.count > 20 && row.help.count <= 100)
        #expect(row.help.first?.isUppercase == true)
    }

    @Test("no two keys have one name")
    func names() {
        #expect(Set(KeyTable.envelope.rows.map(\.name)).count == KeyTable.envelope.rows.count)
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
