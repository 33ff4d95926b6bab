import SwiftOperators
import SwiftParser
import SwiftSyntax

/// Every mutant of a target, and how each is written down at present.
struct Plan {
    struct File {
        let source: SourceText
        let edits: [Edit]
        let roots: Range<Int>
    }

    private(set) var files: [File] = []
    var roots: [Root] = []
    var mutants: [Mutant] = []
    /// The mutants of each root.
    private var ranges: [Range<Int>] = []

    /// `others` are sources that are not mutated, whose enums the mutated ones use.
    init(_ sources: [SourceText], others: [SourceText]) {
        var declarations = Declarations()
        for source in sources + others { declarations.add(Self.parse(source)) }
        for source in sources { add(source, declarations) }
    }

    private static func parse(_ source: SourceText) -> SourceFileSyntax {
        let file = Parser.parse(source: String(decoding: source.bytes, as: UTF8.self))
        let folded = OperatorTable.standardOperators.foldAll(file, errorHandler: { _ in })
        return folded.as(SourceFileSyntax.self) ?? file
    }

    private mutating func add(_ source: SourceText, _ declarations: Declarations) {
        let finder = RootFinder(source: source, declarations: declarations)
        finder.walk(Self.parse(source))
        let first = roots.count
        for root in finder.roots.sorted(by: { $0.span.lowerBound < $1.span.lowerBound }) {
            let firstMutant = mutants.count
            for site in root.sites {
                mutants.append(
                    Mutant(
                        number: mutants.count + 1, root: roots.count, site: site, file: source.name,
                        line: source.line(at: site.span.lowerBound), function: root.function))
            }
            roots.append(root)
            ranges.append(firstMutant..<mutants.count)
        }
        files.append(File(source: source, edits: finder.edits, roots: first..<roots.count))
    }

    /// The mutated text of a file as things stand.
    func emission(of file: File) -> Emission {
        let parts = file.roots.map { number in
            Emission.Part(
                number: number, root: roots[number], mutants: mutants[ranges[number]].filter { $0.choice != nil })
        }
        return Emission(file.source, edits: file.edits, parts: parts)
    }

    var dropped: [Mutant] { mutants.filter { $0.choice == nil } }

    /// The mutants that can be run, each with its key.
    var living: [(mutant: Mutant, key: MutantKey)] {
        var seen: [MutantKey: Int] = [:]
        return mutants.compactMap { mutant in
            guard let candidate = mutant.candidate else { return nil }
            func key(_ occurrence: Int) -> MutantKey {
                MutantKey(
                    file: mutant.file, function: mutant.function, operation: mutant.site.operation.rawValue,
                    original: mutant.site.original, mutated: candidate.shown, occurrence: occurrence)
            }
            seen[key(0), default: 0] += 1
            return (mutant, key(seen[key(0), default: 1]))
        }
    }

    // MARK: what did not compile

    /// Another way to write the mutant, or none.
    mutating func giveUpCandidate(of number: Int, because reason: String) {
        mutants[number - 1].giveUpCandidate(because: reason)
    }

    /// Another way to write the root, or the source as it is.
    mutating func giveUpForm(of root: Int, because reason: String) {
        roots[root].form += 1
        guard roots[root].form >= roots[root].formCount else { return }
        for index in ranges[root] where mutants[index].choice != nil {
            mutants[index].choice = nil
            mutants[index].refusal = "with its root: \(reason)"
        }
    }
}
