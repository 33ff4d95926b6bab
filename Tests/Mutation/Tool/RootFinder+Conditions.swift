import SwiftSyntax

// Conditions: what decides which way the program goes.

extension RootFinder {
    func visitConditions(_ node: ConditionElementListSyntax) {
        let isLoop = node.parent?.is(WhileStmtSyntax.self) == true
        var canFail = false
        for element in node {
            switch element.condition {
            case .expression(let expression):
                addCondition(expression, failing: !canFail, passing: !isLoop)
                canFail = true
            case .matchingPattern(let match) where !match.pattern.bindsNames:
                addMatch(match, failing: !canFail, passing: !isLoop)
                canFail = true
            case .matchingPattern(let match):
                add(.inferred, match.initializer.value, sites(in: match.initializer.value))
            default: break
            }
        }
        if !canFail { add(.entry, node, [failing(node)], span: node.span.lowerBound..<node.span.lowerBound) }
        for element in node { element.condition.as(OptionalBindingConditionSyntax.self).map { walk($0) } }
    }

    func addCondition(_ expression: ExprSyntax, failing: Bool, passing: Bool) {
        var all = sites(in: expression)
        if passing { all.append(forced(expression, to: true)) }
        if failing { all.append(forced(expression, to: false)) }
        add(.condition, expression, all.filter { $0.original != $0.candidates.first?.shown })
    }

    private func addMatch(_ match: MatchingPatternConditionSyntax, failing: Bool, passing: Bool) {
        var all = sites(in: match.initializer.value)
        if let pattern = match.pattern.as(ExpressionPatternSyntax.self) { all += sites(in: pattern.expression) }
        if passing { all.append(forced(match, to: true)) }
        if failing { all.append(forced(match, to: false)) }
        add(.match, match, all)
    }

    /// The whole list fails, by one more condition in front of it.
    private func failing(_ node: ConditionElementListSyntax) -> Site {
        let start = node.span.lowerBound
        let insertion = Candidate("", shown: "false")
        let original = node.trimmedDescription.onOneLine
        return Site(operation: .condition, span: start..<start, original: original, candidates: [insertion])
    }

    private func forced(_ node: some SyntaxProtocol, to value: Bool) -> Site {
        let original = node.trimmedDescription.onOneLine
        return Site(operation: .condition, span: node.span, original: original, candidates: [Candidate("\(value)")])
    }
}

// Switches: besides what its cases do, every label may turn up in another case.

extension RootFinder {
    func addLabels(of node: SwitchExprSyntax) {
        let cases = node.cases.compactMap { $0.as(SwitchCaseSyntax.self) }
        for (position, own) in cases.enumerated() {
            guard let label = own.label.as(SwitchCaseLabelSyntax.self) else { continue }
            let others = Array(cases[(position + 1)...] + cases[..<position])
            for item in label.caseItems where !item.pattern.bindsNames { addLabel(item, of: own, others) }
        }
    }

    /// The first of the other cases that does something else, and whose body makes sense without the names it binds.
    private func addLabel(_ item: SwitchCaseItemSyntax, of own: SwitchCaseSyntax, _ others: [SwitchCaseSyntax]) {
        let body = own.statements.trimmedDescription.onOneLine
        let donors = others.filter { $0.statements.trimmedDescription.onOneLine != body }
        let start = own.span.lowerBound
        let original = "case " + item.with(\.trailingComma, nil).trimmedDescription
        let site = Site(
            operation: .label, span: start..<start, original: original.onOneLine, candidates: donors.map(\.asDonor))
        let condition = item.whereClause?.condition.trimmedDescription
        guard !donors.isEmpty else { return }
        let shape = Root.Shape.label(pattern: item.pattern.trimmedDescription, condition: condition)
        add(shape, item, [site], span: start..<start)
    }
}

extension SwitchCaseSyntax {
    fileprivate var asDonor: Candidate {
        let text = statements.trimmedDescription
        return Candidate((statements.first?.isUnaskedReturn == true ? "return " : "") + text, shown: text)
    }
}

extension PatternSyntax {
    /// Whether a name is bound in it, by `let` or `var` here or inside.
    var bindsNames: Bool { tokens(viewMode: .sourceAccurate).contains { $0.text == "let" || $0.text == "var" } }
}

extension ExprSyntax {
    /// An `if` or `switch`, also as an expression: roots lie inside it.
    var isBranching: Bool { `is`(IfExprSyntax.self) || `is`(SwitchExprSyntax.self) }

    /// The expression as an assignment of any kind.
    var assigned: InfixOperatorExprSyntax? {
        guard let infix = `as`(InfixOperatorExprSyntax.self) else { return nil }
        if infix.operator.is(AssignmentExprSyntax.self) { return infix }
        let name = infix.operator.as(BinaryOperatorExprSyntax.self)?.operator.text ?? ""
        return Operators.assignments[name] == nil ? nil : infix
    }
}
