import Expressions
import FuzzDriver

/// Names of every kind, so that a text has something to be about.
private let names: [Vocabulary.Declaration] = [
    .init("x", .state, unit: "m"), .init("v", .state, unit: "m/s"), .init("t", .input),
    .init("p", .parameter, unit: "s"),
    .init("q", .state, over: ["hip", "knee", "toe"], unit: "rad"), .init("k", .parameter, count: 3),
    .init("g", .constant([9.81]), unit: "m/s^2"),
]

// A text is either a program or errors inside the text; a program runs, and its derivatives do, with the same bits for
// any tile and for parameters that are shared or not.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    // Lines are definitions d0, d1 and so on; the last one is the output. What follows a '#' there is a unit.
    let lines = unsafe String(decoding: input(start, count), as: UTF8.self)
        .split(separator: "\n").map(String.init)
    let definitions = lines.dropLast().enumerated().map { Definition("d\($0.offset)", $0.element) }
    let parts = (lines.last ?? "").split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
    let output = Output("out", parts.first ?? "", unit: parts.count > 1 ? parts[1] : nil)
    do throws(ExpressionErrors) {
        let program = try Program(in: Vocabulary(names), definitions: definitions, outputs: [output])
        expectRuns(program)
        if program.operationCount < 500 { expectRuns(try program.derivatives(by: program.slots, withValues: true)) }
    } catch {
        expect(!error.all.isEmpty, "refused without an error")
        for error in error.all {
            let text = error.owner == "out" ? output.text : definitions.first { $0.name == error.owner }?.text ?? ""
            expect(error.range.lowerBound >= 0, "\(error) begins before the text")
            expect(error.range.upperBound <= text.unicodeScalars.count, "\(error) ends behind the text")
        }
    }
    return 0
}

func expectRuns(_ program: Program) {
    expect(
        bits(program, Float.self, tile: 8, .perLane) == bits(program, Float.self, tile: nil, .shared), "tiles differ")
    expect(
        bits(program, Double.self, tile: 4, .shared) == bits(program, Double.self, tile: nil, .perLane), "tiles differ")
}

/// All results, with one NaN for all.
func bits<Element: Lane>(
    _ program: Program, _: Element.Type, tile: Int?, _ parameters: Program.Parameters
) -> [Element?] {
    let tape = Tape<Element>(program, parameters: parameters)
    var workspace = Workspace(for: tape, tile: tile)
    let lanes = 13
    func column(_ role: Slot.Role) -> [Element] {
        let values: [Element] = [0, 1, -0.0, 2.5, -7, .infinity, .nan, 1e30, 0.001, 3, 1e6, -.infinity, 9]
        return (0..<tape.count(of: role)).flatMap { slot in
            (0..<lanes).map { role == .parameter ? values[slot % 13] : values[(slot + $0) % 13] }
        }
    }
    var own = column(.parameter)
    if parameters == .shared {
        let shared = (0..<tape.count(of: .parameter)).map { own[$0 * lanes] }
        workspace.share(parameters: shared.span, of: tape)
        own = []
    }
    var results = [Element](repeating: 0, count: tape.results.count * lanes)
    var mutable = results.mutableSpan
    tape.run(
        lanes: lanes, spacing: lanes, states: column(.state).span, inputs: column(.input).span, parameters: own.span,
        results: &mutable, with: &workspace)
    return results.map { $0.isNaN ? nil : $0 }
}
