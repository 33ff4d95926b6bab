import Expressions

/// A text of the file that is an expression, or the part of one, and where its characters stand.
struct Formula {
    let text: String
    let path: String
    fileprivate let value: JSON5Value
    /// Characters of the value before the expression begins.
    fileprivate let offset: Int

    init(_ text: String, of value: JSON5Value, from offset: Int = 0, path: String) {
        self.text = text
        self.value = value
        self.offset = offset
        self.path = path
    }

    func position(of index: Int) -> TextPosition { value.places.position(of: offset + index) ?? value.position }
}

/// `name = expression`, where the name may have a mark behind it: `x'` is a rate, `x+` what follows.
struct FormulaLine {
    enum Mark: Equatable { case none, rate, next }

    let name: String
    let mark: Mark
    let namePosition: TextPosition
    let formula: Formula

    /// Nil when it is no such line.
    init?(_ text: String, of value: JSON5Value, path: String) {
        let scalars = Array(text.unicodeScalars)
        guard let equals = FormulaLine.assignment(in: scalars) else { return nil }
        let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? 0
        guard start < equals else { return nil }
        var end = equals
        while scalars[end - 1].properties.isWhitespace { end -= 1 }
        let mark: Mark = scalars[end - 1] == "'" ? .rate : scalars[end - 1] == "+" ? .next : .none
        if mark != .none {
            end -= 1
            while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
        }
        guard start < end else { return nil }
        self.mark = mark
        name = String(String.UnicodeScalarView(scalars[start..<end]))
        namePosition = value.places.position(of: start) ?? value.position
        let rest = String(String.UnicodeScalarView(scalars[(equals + 1)...]))
        formula = Formula(rest, of: value, from: equals + 1, path: path)
    }

    /// As the outputs of a program are called.
    var label: String { name + (mark == .rate ? "'" : mark == .next ? "+" : "") }

    /// The first `=` that is no part of a comparison.
    private static func assignment(in scalars: [Unicode.Scalar]) -> Int? {
        scalars.indices.first { index in
            let before = index > 0 ? scalars[index - 1] : " "
            let after = index + 1 < scalars.count ? scalars[index + 1] : " "
            return scalars[index] == "=" && after != "=" && !["=", "<", ">", "!"].contains(before)
        }
    }
}

/// One thing that a program is to compute, and its text in the file.
struct Wanted {
    let output: Output
    let formula: Formula

    init(_ name: String, _ formula: Formula, unit: String? = nil, _ shape: Output.Shape) {
        output = Output(name, formula.text, unit: unit, shape: shape)
        self.formula = formula
    }
}

/// A name that expressions may use, and where the file gives it; nil for names that are always there.
struct Declared {
    let declaration: Vocabulary.Declaration
    var position: TextPosition?
    var path = ""
    var unit: TextPosition?
}

extension RobotReader {
    mutating func vocabulary(_ declared: [Declared]) -> Vocabulary? {
        do throws(ExpressionErrors) {
            return try Vocabulary(declared.map(\.declaration))
        } catch {
            for found in error.all {
                // The names that are always there come first, and they are in order.
                guard let place = declared.last(where: { $0.declaration.name == found.owner }) else { continue }
                guard let position = place.position else { continue }
                if case .badUnit = found.problem, let unit = place.unit {
                    append(FileProblem(unit, "\(place.path).unit", .robot(.expression(found.problem))))
                } else {
                    append(FileProblem(position, place.path, .robot(.expression(found.problem))))
                }
            }
            return nil
        }
    }

    /// Understands lines and formulas together; what is wrong with them gets its place in the file.
    mutating func program(
        _ vocabulary: Vocabulary, _ definitions: [FormulaLine], _ wanted: [Wanted]
    ) -> Program? {
        do throws(ExpressionErrors) {
            return try Program(
                in: vocabulary, definitions: definitions.map { Definition($0.name, $0.formula.text) },
                outputs: wanted.map(\.output))
        } catch {
            for found in error.all { append(problem(found, definitions, wanted)) }
            return nil
        }
    }

    private func problem(
        _ error: ExpressionError, _ definitions: [FormulaLine], _ wanted: [Wanted]
    ) -> FileProblem {
        if let line = definitions.last(where: { $0.name == error.owner }) {
            let position =
                error.problem.isOfName ? line.namePosition : line.formula.position(of: error.range.lowerBound)
            return FileProblem(position, line.formula.path, .robot(.expression(error.problem)))
        }
        let formula = wanted.first { $0.output.name == error.owner }?.formula
        let position = formula?.position(of: error.range.lowerBound) ?? TextPosition(line: 1, column: 1)
        return FileProblem(position, formula?.path ?? "", .robot(.expression(error.problem)))
    }
}

extension ExpressionError.Problem {
    /// Whether it is about what a line calls its value.
    fileprivate var isOfName: Bool {
        switch self {
        case .badName, .reservedName, .duplicate: true
        default: false
        }
    }
}

extension String {
    /// Whether the word occurs in it by itself, as a name of an expression.
    func uses(_ word: String) -> Bool {
        unicodeScalars.split { !($0 == "_" || $0.properties.isAlphabetic || $0.isDecimalDigit) }
            .contains { String($0) == word }
    }
}

extension Formula {
    /// A text that the file does not spell out, in the place of one that it does.
    init(_ text: String, of other: Formula) {
        self.text = text
        path = other.path
        value = other.value
        offset = other.offset
    }
}
