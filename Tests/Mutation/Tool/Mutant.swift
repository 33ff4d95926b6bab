/// What kind of mistake a mutant imitates.
enum MutationOperator: String, CaseIterable {
    /// `<` becomes `<=` or `>=`, `==` becomes `!=`, and so on.
    case comparison
    /// An integer literal one higher or lower, a range that gains or loses its end.
    case boundary
    case arithmetic
    case sign
    case negation
    /// `&&` and `||` swapped, or one side of them (or of `??`) dropped.
    case logic
    case constant
    case statement
    case enumCase = "enum-case"
    /// One label of a `switch` does what another case does.
    case label
    case extremum = "min-max"
    case condition
    case ternary
    /// A call is replaced by what it was called on.
    case call
}

/// One way to write a mutant down; `shown` is the same for people, in place of `Site.original`.
struct Candidate {
    let code: String
    let shown: String

    init(_ code: String, shown: String? = nil) {
        self.code = code
        self.shown = (shown ?? code).onOneLine
    }
}

/// A piece of source and one change to it. The candidates are tried in turn until one compiles.
struct Site {
    let operation: MutationOperator
    let span: Range<Int>
    let original: String
    let candidates: [Candidate]
}

/// What stays the same about a mutant while lines move: the entries of `equivalent.txt`.
struct MutantKey: Hashable {
    let file: String
    let function: String
    let operation: String
    let original: String
    let mutated: String
    /// Counts from 1 where all of the above are equal.
    let occurrence: Int
}

struct Mutant {
    /// Counts from 1 through all files; 0 is the unchanged program.
    let number: Int
    let root: Int
    let site: Site
    let file: String
    let line: Int
    let function: String
    /// The candidate in use; nil once none compiled.
    var choice: Int? = 0
    /// What the compiler said about the latest candidate that was given up.
    var refusal = ""

    var candidate: Candidate? { choice.map { site.candidates[$0] } }

    /// Goes on to the next candidate after this one did not compile.
    mutating func giveUpCandidate(because reason: String) {
        refusal = reason
        choice = choice.flatMap { $0 + 1 < site.candidates.count ? $0 + 1 : nil }
    }
}

extension String {
    /// Every run of white space as one space, so that a key fits on a line.
    var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
