public import JSON

/// Where a value is not what the interface says, and how.
public struct VarlinkMismatch: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        case missing, unknown
        case expected(VarlinkType)
        /// JSON has no word for infinity and for what is no number.
        case notFinite
    }

    /// Like `plan.joints[2].name`.
    public let path: String
    public let problem: Problem

    public init(path: String, problem: Problem) {
        self.path = path
        self.problem = problem
    }

    func inside(_ outer: String) -> VarlinkMismatch {
        let isIndex = path.isEmpty || path.utf8.first == UInt8(ascii: "[")
        return VarlinkMismatch(path: isIndex ? outer + path : "\(outer).\(path)", problem: problem)
    }
}

extension VarlinkInterface {
    /// Whether a reply may say more than the description: a client that is older than its service lets it.
    public enum Strictness: Sendable { case exact, lenient }

    /// Throws where `object` is not what `fields` describe.
    public func check(
        _ object: JSONObject, against fields: [VarlinkField], _ strictness: Strictness = .exact
    ) throws(VarlinkMismatch) {
        for field in fields {
            let value = object[field.name] ?? .null
            do throws(VarlinkMismatch) {
                try check(value, against: field.type, strictness)
            } catch {
                let isMissing = object[field.name] == nil && error.path.isEmpty
                throw isMissing ? VarlinkMismatch(path: field.name, problem: .missing) : error.inside(field.name)
            }
        }
        guard strictness == .exact else { return }
        for member in object.members where !fields.contains(where: { $0.name == member.key }) {
            throw VarlinkMismatch(path: member.key, problem: .unknown)
        }
    }

    func check(
        _ value: JSONValue, against type: VarlinkType, _ strictness: Strictness
    ) throws(VarlinkMismatch) {
        switch (type, value) {
        case (.boolean, .boolean), (.integer, .integer), (.float, .integer), (.string, .text): return
        case (.float, .real(let number)):
            guard number.isFinite else { throw VarlinkMismatch(path: "", problem: .notFinite) }
        case (.object, _): try checkFinite(value)
        case (.optional, .null): return
        case (.optional(let inner), _): try check(value, against: inner, strictness)
        case (.list(let inner), .list(let elements)):
            for (index, element) in elements.enumerated() {
                try check(element, at: "[\(index)]", against: inner, strictness)
            }
        case (.map(let inner), .object(let object)):
            for member in object.members { try check(member.value, at: member.key, against: inner, strictness) }
        case (.structure(let fields), .object(let object)): try check(object, against: fields, strictness)
        case (.enumeration(let words), .text(let word)) where words.contains(word): return
        case (.named(let name), _):
            guard let type = self.type(name) else { preconditionFailure("\(name) was checked when it was parsed") }
            try check(value, against: type, strictness)
        default: throw VarlinkMismatch(path: "", problem: .expected(type))
        }
    }

    private func check(
        _ value: JSONValue, at place: @autoclosure () -> String, against type: VarlinkType, _ strictness: Strictness
    ) throws(VarlinkMismatch) {
        do throws(VarlinkMismatch) {
            try check(value, against: type, strictness)
        } catch {
            throw error.inside(place())
        }
    }

    /// Any JSON value, as long as JSON can say it.
    private func checkFinite(_ value: JSONValue) throws(VarlinkMismatch) {
        switch value {
        case .null, .boolean, .integer, .text: return
        case .real: try check(value, against: .float, .exact)
        case .list(let elements): for element in elements { try checkFinite(element) }
        case .object(let object): for member in object.members { try checkFinite(member.value) }
        }
    }
}
