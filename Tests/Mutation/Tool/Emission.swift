/// Writes one mutated file, and remembers which of its lines belong to which mutant or root.
struct Emission {
    private(set) var text = "public import MutantSwitch\n"
    /// By line, counted from 1. A line of a root that belongs to no mutant of it has only the root.
    private(set) var owners: [Int: Owner] = [:]
    private var line = 2

    struct Owner {
        let root: Int
        let mutant: Int?
    }

    /// One root with the mutants of it that are still in use.
    struct Part {
        let number: Int
        let root: Root
        let mutants: [Mutant]
    }

    /// `edits` are made whether a mutant is near or not.
    init(_ source: SourceText, edits: [Edit], parts: [Part]) {
        var edits: [(span: Range<Int>, write: (inout Emission) -> Void)] = edits.map { edit in
            (edit.span, { $0.put(edit.code) })
        }
        for part in parts where !part.mutants.isEmpty {
            if part.root.shape == .around {
                let span = part.root.span
                edits.append((span.lowerBound..<span.lowerBound, { $0.open(part) }))
                edits.append((span.upperBound..<span.upperBound, { $0.put("\n}") }))
            } else {
                edits.append((part.root.span, { $0.put(part, source) }))
            }
        }
        var position = 0
        let ordered = edits.enumerated().sorted {
            ($0.element.span.lowerBound, $0.element.span.upperBound, $0.offset)
                < ($1.element.span.lowerBound, $1.element.span.upperBound, $1.offset)
        }
        for (_, (span, write)) in ordered {
            put(source[position..<span.lowerBound])
            write(&self)
            position = span.upperBound
        }
        put(source[position..<source.bytes.count])
    }

    private mutating func put(_ code: String, _ owner: Owner? = nil) {
        text += code
        let last = line + code.utf8.count { $0 == UInt8(ascii: "\n") }
        if let owner { for number in line...last where owners[number]?.mutant == nil { owners[number] = owner } }
        line = last
    }

    private mutating func open(_ part: Part) {
        put("if mutantIsNot(\(part.number), \(part.mutants[0].number)) {\n")
    }

    // MARK: shapes

    private mutating func put(_ part: Part, _ source: SourceText) {
        switch part.root.shape {
        case .statement: choose(part, source)
        case .value where part.root.form == 0: choose(part, source)
        case .value, .inferred: chooseInClosure(part, source, signature: "")
        case .condition where part.root.form == 0: chooseInClosure(part, source, signature: "() -> Bool in ")
        case .condition: chooseInTernary(part, source)
        case .match: chooseMatch(part, source)
        case .entry: put("mutantIsNot(\(part.number), \(part.mutants[0].number)), ")
        case .around: break
        case .label(let pattern, let condition):
            let owner = Owner(root: part.number, mutant: part.mutants[0].number)
            let chosen = "mutantIs(\(part.number), \(part.mutants[0].number))"
            put("case \(pattern) where \(condition.map { "(\($0)) && " } ?? "")\(chosen):\n", owner)
            put("\(part.mutants[0].candidate?.code ?? "")\n", owner)
        }
    }

    /// `switch … { case 0: as written; case 1: first mutant; default: last mutant }`.
    private mutating func choose(_ part: Part, _ source: SourceText, each wrap: (String) -> String = { $0 }) {
        let owner = Owner(root: part.number, mutant: nil)
        put("switch \(call(part)) {\ncase 0:\n\(wrap(source[part.root.span]))\n", owner)
        for (index, mutant) in part.mutants.enumerated() {
            let label =
                index + 1 == part.mutants.count ? "default" : "case \(mutant.number - part.mutants[0].number + 1)"
            put("\(label):\n", owner)
            put(wrap(code(mutant, part, source)), Owner(root: part.number, mutant: mutant.number))
            put("\n")
        }
        put("}", owner)
    }

    private mutating func chooseInClosure(_ part: Part, _ source: SourceText, signature: String) {
        put("({ \(signature)\n")
        choose(part, source) { "return \($0)" }
        put(" })()")
    }

    private mutating func chooseMatch(_ part: Part, _ source: SourceText) {
        put("({ () -> Bool in\n")
        choose(part, source) { code in
            code.hasPrefix("case ") ? "if \(code) { return true } else { return false }" : "return \(code)"
        }
        put(" })()")
    }

    private mutating func chooseInTernary(_ part: Part, _ source: SourceText) {
        put("(")
        for mutant in part.mutants {
            put("mutantIs(\(part.number), \(mutant.number)) ?\n")
            put("(\(code(mutant, part, source)))", Owner(root: part.number, mutant: mutant.number))
            put("\n: ")
        }
        put("(\(source[part.root.span])))", Owner(root: part.number, mutant: nil))
    }

    private func call(_ part: Part) -> String {
        let (first, last) = (part.mutants[0].number, part.mutants[part.mutants.count - 1].number)
        return "mutantAt(\(part.number), \(first), \(last - first + 1))"
    }

    private func code(_ mutant: Mutant, _ part: Part, _ source: SourceText) -> String {
        source.text(of: part.root.span, replacing: mutant.site.span, by: mutant.candidate?.code ?? "")
    }
}
