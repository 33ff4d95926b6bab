/// The names that expressions may use, with what each is.
public struct Vocabulary: Sendable {
    public enum Role: Equatable, Sendable {
        /// What the model integrates.
        case state
        /// What drives it: commands of the policy, set points.
        case input
        /// What calibration finds.
        case parameter
        /// Numbers that do not change while the program exists, one for each element.
        case constant([Double])
    }

    public struct Declaration: Sendable {
        public let name: String
        public let role: Role
        /// Nil for a single number.
        public let count: Int?
        /// Names of the elements, as `elbow` in `q.elbow`; empty when they have none.
        public let elements: [String]
        /// Nil when nobody said; such a name fits everywhere.
        public let unit: String?

        public init(_ name: String, _ role: Role, unit: String? = nil) {
            self.init(name, role, count: nil, elements: [], unit: unit)
        }

        /// A vector with one element for each name, such as the joints.
        public init(_ name: String, _ role: Role, over elements: [String], unit: String? = nil) {
            self.init(name, role, count: elements.count, elements: elements, unit: unit)
        }

        public init(_ name: String, _ role: Role, count: Int?, elements: [String] = [], unit: String? = nil) {
            self.name = name
            self.role = role
            self.count = count
            self.elements = elements
            self.unit = unit
        }
    }

    public let declarations: [Declaration]
    private(set) var entries: [String: Entry] = [:]

    /// A declaration that was found to be right.
    struct Entry {
        let declaration: Declaration
        let dimension: Dimension?
        /// The slot of the first element; constants have none.
        let firstSlot: Int
    }

    /// What the program reads, element by element, in the order of the declarations.
    public let slots: [Slot]

    /// Throws everything that is wrong with the declarations.
    public init(_ declarations: [Declaration]) throws(ExpressionErrors) {
        self.declarations = declarations
        var errors: [ExpressionError] = []
        var slots: [Slot] = []
        for declaration in declarations {
            let found = Vocabulary.problem(of: declaration, known: entries)
            if let found { errors.append(ExpressionError(owner: declaration.name, range: 0..<0, problem: found)) }
            let dimension = declaration.unit.flatMap { try? Dimension(parsing: $0) }
            entries[declaration.name] = Entry(
                declaration: declaration, dimension: dimension, firstSlot: slots.count)
            if found == nil { slots += declaration.slots }
        }
        self.slots = slots
        if let errors = ExpressionErrors(errors) { throw errors }
    }

    private static func problem(
        of declaration: Declaration, known: [String: Entry]
    ) -> ExpressionError.Problem? {
        let name = declaration.name
        if !isName(name) { return .badName(name) }
        if isReserved(name) { return .reservedName(name) }
        if known[name] != nil { return .duplicate(name) }
        let count = declaration.count ?? 1
        if !(1...ExpressionLimits.elements).contains(count) {
            return .indexOutside(count, count: ExpressionLimits.elements)
        }
        if !declaration.elements.isEmpty, declaration.elements.count != count {
            return .wrongLength(wanted: count, found: declaration.elements.count)
        }
        if let bad = declaration.elements.first(where: { !isName($0) }) { return .badName(bad) }
        if Set(declaration.elements).count != declaration.elements.count { return .duplicate(name) }
        if case .constant(let values) = declaration.role, values.count != count {
            return .wrongLength(wanted: count, found: values.count)
        }
        guard let unit = declaration.unit else { return nil }
        do throws(UnitError) { _ = try Dimension(parsing: unit) } catch { return .badUnit(unit, error) }
        return nil
    }
}

/// One number that a program reads.
public struct Slot: Hashable, Sendable {
    public enum Role: Hashable, Sendable { case state, input, parameter }

    public let name: String
    /// The place in the vector; nil for a single number.
    public let element: Int?
    public let role: Role

    public init(name: String, element: Int?, role: Role) {
        self.name = name
        self.element = element
        self.role = role
    }
}

extension Vocabulary.Declaration {
    fileprivate var slots: [Slot] {
        let role: Slot.Role
        switch self.role {
        case .state: role = .state
        case .input: role = .input
        case .parameter: role = .parameter
        case .constant: return []
        }
        guard let count else { return [Slot(name: name, element: nil, role: role)] }
        return (0..<count).map { Slot(name: name, element: $0, role: role) }
    }
}
