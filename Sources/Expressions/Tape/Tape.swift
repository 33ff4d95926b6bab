/// A program written out for lanes of one kind of number: which operation on which columns, in which order.
///
/// It does not change and may be shared between threads; each thread has a `Workspace` of its own.
public struct Tape<Element: Lane>: Sendable {
    public let slots: [Slot]
    public let results: [Program.Result]
    public let parameters: Program.Parameters
    /// How many instructions run for every tile.
    public var instructionCount: Int { instructions.count }

    let instructions: [Instruction]
    /// Computes what all lanes share from the parameters.
    let sharedInstructions: [Instruction]
    let layout: ColumnLayout
    /// The numbers that are known now, in the first columns.
    let constants: [Element]
    /// Slots of parameters that all lanes share and that are read at all, with their columns.
    let sharedSlots: [(slot: Int, column: Int)]
    /// The places of the slots among those of the same role, as the caller hands them over.
    let places: [Int]
    private let counts: RoleCounts

    public init(_ program: Program, parameters: Program.Parameters = .perLane) {
        let isShared = { (slot: Slot) in slot.role == .parameter && parameters == .shared }
        let plan = Plan(program, sharing: isShared)
        var writer = TapeWriter<Element>(plan, program)
        writer.write()
        slots = program.slots
        results = program.results
        self.parameters = parameters
        instructions = writer.instructions
        sharedInstructions = writer.sharedInstructions
        constants = writer.constants
        layout = writer.layout
        sharedSlots = writer.sharedSlots
        var counts = RoleCounts()
        places = program.slots.map { slot in
            defer { counts[slot.role] += 1 }
            return counts[slot.role]
        }
        self.counts = counts
    }

    /// How many numbers of a role the program reads.
    public func count(of role: Slot.Role) -> Int { counts[role] }
}

/// How many slots there are of each role.
private struct RoleCounts: Sendable {
    private var states = 0
    private var inputs = 0
    private var parameters = 0

    subscript(role: Slot.Role) -> Int {
        get {
            switch role {
            case .state: states
            case .input: inputs
            case .parameter: parameters
            }
        }
        set {
            switch role {
            case .state: states = newValue
            case .input: inputs = newValue
            case .parameter: parameters = newValue
            }
        }
    }
}

/// Which columns there are: first those that all lanes share, then slots, results and registers.
struct ColumnLayout: Sendable, Equatable {
    var uniform = 0
    var slots = 0
    var results = 0
    var registers = 0

    var firstSlot: Int { uniform }
    var firstResult: Int { uniform + slots }
    var firstRegister: Int { uniform + slots + results }
    var count: Int { firstRegister + registers }
}

extension Program {
    public enum Parameters: Sendable {
        /// Every lane has its own.
        case perLane
        /// All lanes have the same; what depends on nothing else is computed once, by `Workspace.share`.
        case shared
    }
}
