import Testing

@testable import Expressions

struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Runs a program over lanes given as one list of numbers for each slot; answers one list for each result.
func run<Element: Lane>(
    _ program: Program, _ values: [[Element]], lanes: Int, tile: Int? = nil,
    parameters: Program.Parameters = .perLane
) -> [[Element]] {
    let tape = Tape<Element>(program, parameters: parameters)
    var workspace = Workspace(for: tape, tile: tile)
    let spacing = lanes + 3
    func packed(_ role: Slot.Role) -> [Element] {
        program.slots.indices.filter { program.slots[$0].role == role }.flatMap {
            values[$0] + [Element](repeating: .nan, count: spacing - lanes)
        }
    }
    var results = [Element](repeating: 77, count: tape.results.count * spacing)
    var mutable = results.mutableSpan
    var own = packed(.parameter)
    if parameters == .shared {
        let shared = program.slots.indices.filter { program.slots[$0].role == .parameter }.map { values[$0][0] }
        workspace.share(parameters: shared.span, of: tape)
        own = []
    }
    tape.run(
        lanes: lanes, spacing: spacing, states: packed(.state).span, inputs: packed(.input).span,
        parameters: own.span, results: &mutable, with: &workspace)
    #expect(
        tape.results.indices.allSatisfy { result in
            (lanes..<spacing).allSatisfy { results[result * spacing + $0] == 77 }
        },
        "written beyond the lanes")
    return tape.results.indices.map { Array(results[$0 * spacing..<$0 * spacing + lanes]) }
}

/// The value of one expression of x, y and z, in one lane.
func value(_ text: String, x: Double = 0, y: Double = 0, z: Double = 0) throws -> Double {
    let program = try Program(in: plainVocabulary(), outputs: [Output("value", text)])
    return run(program, [[x], [y], [z]], lanes: 1)[0][0]
}

func plainVocabulary() throws -> Vocabulary {
    try Vocabulary(["x", "y", "z"].map { Vocabulary.Declaration($0, .state) })
}

/// An arm of three joints, with units.
func armVocabulary() throws -> Vocabulary {
    let joints = ["shoulder", "elbow", "wrist"]
    return try Vocabulary([
        .init("q", .state, over: joints, unit: "rad"), .init("w", .state, over: joints, unit: "rad/s"),
        .init("u", .input, over: joints, unit: "N*m"), .init("m", .parameter, unit: "kg"),
        .init("l", .parameter, unit: "m"), .init("b", .parameter, unit: "N*m*s/rad"),
        .init("J", .parameter, unit: "kg*m^2"), .init("g", .constant([9.81]), unit: "m/s^2"),
        .init("home", .constant([0.1, 0.2, 0.3]), count: 3, elements: joints, unit: "rad"),
        .init("k", .parameter),
    ])
}

/// Everything that is wrong with one expression over the arm's names.
func problems(_ text: String, shape: Output.Shape = .any, unit: String? = nil) throws -> [ExpressionError] {
    do throws(ExpressionErrors) {
        let vocabulary = try armVocabularyOrErrors()
        _ = try Program(in: vocabulary, outputs: [Output("out", text, unit: unit, shape: shape)])
        return []
    } catch {
        return error.all
    }
}

private func armVocabularyOrErrors() throws(ExpressionErrors) -> Vocabulary {
    do {
        return try armVocabulary()
    } catch let errors as ExpressionErrors {
        throw errors
    } catch {
        preconditionFailure("\(error)")
    }
}
