/// Text to steps. Recursion is as deep as the text nests, and that is limited.
///
/// From what binds least to what binds most: `if C then A else B`, `or`, `and`, `not`, the comparisons (of which there is
/// one at a time), `+ -`, `* /`, a sign, `^` (from the right), then `name`, `name(…)`, `[…, …]`, `(…)`, `…[0]`, `….elbow`.
struct Parser {
    private var lexer: Lexer
    private(set) var next: Token
    private var depth = 0
    private(set) var steps: [Step] = []
    /// The end of the last token that was taken.
    private var end = 0

    static func steps(of text: String) throws(Flaw) -> [Step] {
        // The prefix keeps a text of any size from costing more than it may.
        let scalars = Array(text.unicodeScalars.prefix(ExpressionLimits.length + 1))
        guard scalars.count <= ExpressionLimits.length else {
            let problem = ExpressionError.Problem.tooLong(
                characters: text.unicodeScalars.count, limit: ExpressionLimits.length)
            throw Flaw(range: 0..<ExpressionLimits.length, problem: problem)
        }
        var parser = try Parser(scalars)
        try parser.expression(above: 0)
        guard parser.next.kind == .end else { throw parser.unexpected(.operatorOrEnd) }
        return parser.steps
    }

    private init(_ text: [Unicode.Scalar]) throws(Flaw) {
        lexer = Lexer(text)
        next = try lexer.token()
    }

    func unexpected(_ expectation: ExpressionError.Expectation) -> Flaw {
        Flaw(range: next.range, problem: .expected(expectation, found: next.found))
    }

    mutating func advance() throws(Flaw) {
        end = next.range.upperBound
        next = try lexer.token()
    }

    mutating func take(_ symbol: Token.Symbol) throws(Flaw) -> Bool {
        guard next.kind == .symbol(symbol) else { return false }
        try advance()
        return true
    }

    mutating func expect(_ symbol: Token.Symbol, _ expectation: ExpressionError.Expectation) throws(Flaw) {
        guard try take(symbol) else { throw unexpected(expectation) }
    }

    mutating func append(_ kind: Step.Kind, from start: Int, at place: Range<Int>) {
        steps.append(Step(kind: kind, range: start..<max(start, end), place: place))
    }

    /// An operand and all operators after it that bind more tightly than `strength`.
    mutating func expression(above strength: Int) throws(Flaw) {
        guard depth < ExpressionLimits.depth else {
            throw Flaw(range: next.range, problem: .tooDeep(limit: ExpressionLimits.depth))
        }
        depth += 1
        let start = next.range.lowerBound
        try operand()
        var compared = false
        while let binary = BinaryOperator(next.kind), binary.strength > strength {
            let place = next.range
            if binary.isComparison && compared { throw Flaw(range: place, problem: .chainedComparison) }
            compared = binary.isComparison
            try advance()
            // Powers group from the right, and their exponent may have a sign; everything else groups from the left.
            try expression(above: binary == .power ? binary.strength - 1 : binary.strength)
            append(.binary(binary), from: start, at: place)
        }
        depth -= 1
    }

    private mutating func operand() throws(Flaw) {
        let (start, place) = (next.range.lowerBound, next.range)
        switch next.kind {
        case .number(let value):
            try advance()
            append(.number(value), from: start, at: place)
        case .name(let name):
            try advance()
            if next.kind == .symbol(.open) {
                try call(name, at: place)
            } else {
                append(.name(name), from: start, at: place)
            }
        case .symbol(.minus):
            try advance()
            try expression(above: BinaryOperator.strengthOfSign)
            append(.negate, from: start, at: place)
        case .symbol(.plus):
            try advance()
            try expression(above: BinaryOperator.strengthOfSign)
        case .symbol(.not):
            try advance()
            try expression(above: BinaryOperator.strengthOfNot)
            append(.not, from: start, at: place)
        case .symbol(.if): return try conditional()
        case .symbol(.open):
            try advance()
            try expression(above: 0)
            try expect(.close, .closingParenthesis)
        case .symbol(.openBracket): try list()
        case .symbol, .end: throw unexpected(.operand)
        }
        try elements(from: start)
    }

    /// `if C then A else B`, where B reaches as far as it can.
    private mutating func conditional() throws(Flaw) {
        let place = next.range
        try advance()
        try expression(above: 0)
        try expect(.then, .then)
        try expression(above: 0)
        try expect(.else, .otherwise)
        try expression(above: 0)
        append(.conditional, from: place.lowerBound, at: place)
    }

    private mutating func call(_ name: String, at place: Range<Int>) throws(Flaw) {
        try advance()
        let count = try arguments(until: .close, .commaOrParenthesis)
        append(.call(name, count: count), from: place.lowerBound, at: place)
    }

    private mutating func list() throws(Flaw) {
        let place = next.range
        try advance()
        guard next.kind != .symbol(.closeBracket) else { throw unexpected(.operand) }
        let count = try arguments(until: .closeBracket, .commaOrBracket)
        append(.list(count: count), from: place.lowerBound, at: place)
    }

    private mutating func arguments(
        until close: Token.Symbol, _ expectation: ExpressionError.Expectation
    ) throws(Flaw) -> Int {
        guard try !take(close) else { return 0 }
        var count = 0
        repeat {
            try expression(above: 0)
            count += 1
        } while try take(.comma)
        try expect(close, expectation)
        return count
    }

    /// `[2]` and `.elbow` behind an operand.
    private mutating func elements(from start: Int) throws(Flaw) {
        while true {
            if try take(.openBracket) {
                guard case .number(let value) = next.kind, let index = Int(exactly: value) else {
                    throw unexpected(.index)
                }
                let place = next.range
                try advance()
                try expect(.closeBracket, .closingBracket)
                append(.index(index), from: start, at: place)
            } else if try take(.dot) {
                guard case .name(let name) = next.kind else { throw unexpected(.elementName) }
                let place = next.range
                try advance()
                append(.element(name), from: start, at: place)
            } else {
                return
            }
        }
    }
}
