extension VarlinkInterface {
    /// Far more than a person writes.
    public static let sizeLimit = 1 << 18
    public static let depthLimit = 32

    /// Reads the text of a `.varlink` file.
    public init(parsing text: [UInt8]) throws(InterfaceError) {
        guard text.count <= Self.sizeLimit else {
            throw InterfaceError(
                line: 1, column: 1, problem: .tooLarge(bytes: text.count, limit: Self.sizeLimit))
        }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: text.span)
        } catch {
            throw InterfaceCursor(text).error(.notUTF8, at: error.byteOffsets.lowerBound)
        }
        var parser = InterfaceParser(cursor: InterfaceCursor(text))
        let (name, comment, members) = try parser.interface()
        self.init(
            name: name, description: String(decoding: text, as: UTF8.self), comment: comment, members: members)
        try parser.checkNames(of: self)
    }

    public init(parsing text: String) throws(InterfaceError) { try self.init(parsing: Array(text.utf8)) }
}

/// Recursive descent over one text.
struct InterfaceParser {
    var cursor: InterfaceCursor
    private var depth = 0
    /// Where types were used, and where members were named: names may be used before they are defined.
    private var uses: [(name: String, offset: Int)] = []
    private var places: [String: Int] = [:]

    init(cursor: InterfaceCursor) { self.cursor = cursor }

    mutating func interface() throws(InterfaceError) -> (String, String, [VarlinkInterface.Named]) {
        guard cursor.take("interface") else { throw cursor.error(.expected(.interface)) }
        let comment = cursor.takeComment()
        guard let name = cursor.interfaceName() else { throw cursor.error(.expected(.interfaceName)) }
        var members: [VarlinkInterface.Named] = []
        cursor.skipBlanks()
        while cursor.next != nil {
            members.append(try member())
            cursor.skipBlanks()
        }
        return (name, comment, members)
    }

    private mutating func member() throws(InterfaceError) -> VarlinkInterface.Named {
        if cursor.take("type") {
            let (name, comment) = try memberName()
            return .init(name: name, comment: comment, member: .type(try definition()))
        }
        if cursor.take("method") {
            let (name, comment) = try memberName()
            let input = try structure()
            guard cursor.take("->") else { throw cursor.error(.expected(.arrow)) }
            return .init(name: name, comment: comment, member: .method(input: input, output: try structure()))
        }
        if cursor.take("error") {
            let (name, comment) = try memberName()
            return .init(name: name, comment: comment, member: .error(try structure()))
        }
        throw cursor.error(.expected(.member))
    }

    private mutating func memberName() throws(InterfaceError) -> (name: String, comment: String) {
        let comment = cursor.takeComment()
        cursor.skipBlanks()
        let place = cursor.offset
        guard let name = cursor.word(startsWith: { $0.isCapital }) else { throw cursor.error(.expected(.memberName)) }
        guard places.updateValue(place, forKey: name) == nil else {
            throw cursor.error(.duplicateMember(name), at: place)
        }
        return (name, comment)
    }

    private mutating func structure() throws(InterfaceError) -> [VarlinkField] {
        cursor.skipBlanks()
        let place = cursor.offset
        guard case .structure(let fields) = try definition() else {
            throw cursor.error(.expected(.structure), at: place)
        }
        return fields
    }

    /// Parentheses: typed fields, or the words of an enumeration.
    private mutating func definition() throws(InterfaceError) -> VarlinkType {
        guard cursor.take("(") else { throw cursor.error(.expected(.structure)) }
        guard depth < VarlinkInterface.depthLimit else {
            throw cursor.error(.tooDeep(limit: VarlinkInterface.depthLimit))
        }
        depth += 1
        defer { depth -= 1 }
        if cursor.take(")") { return .structure([]) }
        var fields: [VarlinkField] = []
        var words: [String] = []
        var seen: Set<String> = []
        repeat {
            let name = try fieldName(notIn: &seen)
            if cursor.take(":") {
                fields.append(VarlinkField(name: name, type: try type()))
            } else {
                words.append(name)
            }
            guard fields.isEmpty || words.isEmpty else { throw cursor.error(.mixedFields) }
        } while cursor.take(",")
        guard cursor.take(")") else {
            throw cursor.error(.expected(fields.isEmpty && words.count == 1 ? .colonOrComma : .commaOrParenthesis))
        }
        return fields.isEmpty ? .enumeration(words) : .structure(fields)
    }

    private mutating func fieldName(notIn seen: inout Set<String>) throws(InterfaceError) -> String {
        cursor.skipBlanks()
        let place = cursor.offset
        guard let name = cursor.word(startsWith: { $0.isLetter }, separator: UInt8(ascii: "_")) else {
            throw cursor.error(.expected(.fieldName))
        }
        guard seen.insert(name).inserted else { throw cursor.error(.duplicateField(name), at: place) }
        return name
    }

    private mutating func type() throws(InterfaceError) -> VarlinkType {
        guard depth < VarlinkInterface.depthLimit else {
            throw cursor.error(.tooDeep(limit: VarlinkInterface.depthLimit))
        }
        depth += 1
        defer { depth -= 1 }
        if cursor.take("?") {
            cursor.skipBlanks()
            guard cursor.next != UInt8(ascii: "?") else { throw cursor.error(.optionalTwice) }
            return .optional(try type())
        }
        if cursor.take("[") { return try collection() }
        if cursor.take("bool") { return .boolean }
        if cursor.take("int") { return .integer }
        if cursor.take("float") { return .float }
        if cursor.take("string") { return .string }
        if cursor.take("object") { return .object }
        if cursor.next == UInt8(ascii: "(") { return try definition() }
        let place = cursor.offset
        guard let name = cursor.word(startsWith: { $0.isCapital }) else { throw cursor.error(.expected(.type)) }
        uses.append((name, place))
        return .named(name)
    }

    private mutating func collection() throws(InterfaceError) -> VarlinkType {
        if cursor.take("]") { return .list(try type()) }
        guard cursor.take("string") else { throw cursor.error(.expected(.keyType)) }
        guard cursor.take("]") else { throw cursor.error(.expected(.closingBracket)) }
        return .map(try type())
    }

    /// Every name that is used is a type, and no type needs itself.
    func checkNames(of interface: VarlinkInterface) throws(InterfaceError) {
        for use in uses where interface.type(use.name) == nil {
            let problem: InterfaceError.Problem =
                interface[use.name] == nil ? .unknownType(use.name) : .noType(use.name)
            throw cursor.error(problem, at: use.offset)
        }
        var finite: Set<String> = []
        for member in interface.members {
            guard case .type(let type) = member.member else { continue }
            var path: Set<String> = [member.name]
            guard type.ends(in: interface, path: &path, finite: &finite) else {
                throw cursor.error(.endlessType(member.name), at: places[member.name])
            }
            finite.insert(member.name)
        }
    }
}

extension VarlinkType {
    /// Whether some value of it is finite: lists and maps may be empty, and optional values may be missing.
    fileprivate func ends(in interface: VarlinkInterface, path: inout Set<String>, finite: inout Set<String>) -> Bool {
        switch self {
        case .boolean, .integer, .float, .string, .object, .optional, .list, .map, .enumeration: return true
        case .structure(let fields):
            for field in fields where !field.type.ends(in: interface, path: &path, finite: &finite) { return false }
            return true
        case .named(let name):
            if finite.contains(name) { return true }
            guard path.insert(name).inserted else { return false }
            guard interface.type(name)?.ends(in: interface, path: &path, finite: &finite) ?? true else { return false }
            path.remove(name)
            finite.insert(name)
            return true
        }
    }
}
