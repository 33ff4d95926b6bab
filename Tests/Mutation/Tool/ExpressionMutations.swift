import SwiftSyntax

/// Finds every change to an expression. The tree must have been folded with the operator table.
final class ExpressionMutations: SyntaxVisitor {
    let source: SourceText
    let declarations: Declarations
    private(set) var sites: [Site] = []

    init(source: SourceText, declarations: Declarations) {
        self.source = source
        self.declarations = declarations
        super.init(viewMode: .sourceAccurate)
    }

    func add(_ operation: MutationOperator, _ node: some SyntaxProtocol, _ candidates: [Candidate]) {
        guard !candidates.isEmpty else { return }
        let original = node.trimmedDescription.onOneLine
        sites.append(Site(operation: operation, span: node.span, original: original, candidates: candidates))
    }

    func add(_ operation: MutationOperator, _ node: some SyntaxProtocol, _ codes: String..., as shown: String? = nil) {
        add(operation, node, codes.map { Candidate($0, shown: shown) })
    }

    // MARK: operators

    override func visit(_ node: InfixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        guard let name = node.operator.as(BinaryOperatorExprSyntax.self)?.operator.text else { return .visitChildren }
        let (left, right) = (node.leftOperand.trimmedDescription, node.rightOperand.trimmedDescription)
        func replaced(by other: String) -> Candidate {
            Candidate("((\(left)) \(other) (\(right)))", shown: "\(left) \(other) \(right)")
        }
        if let others = Operators.comparisons[name] {
            for other in others { add(.comparison, node, [replaced(by: other)]) }
        } else if let other = Operators.ranges[name] {
            // The other operator makes another type, which may not fit where the range is used.
            let moved = name == "..<" ? "(\(left))..<(\(right) + 1)" : "(\(left))...(\(right) - 1)"
            add(.boundary, node, [replaced(by: other), Candidate("(\(moved))", shown: "\(left) \(other) \(right)")])
        } else if let other = Operators.assignments[name] {
            let shown = "\(left) \(other) \(right)"
            let spelled = Candidate("\(left) = \(left) \(other.dropLast()) (\(right))", shown: shown)
            add(.arithmetic, node, [Candidate(shown), spelled])
        } else if let other = Operators.arithmetic[name] {
            add(.arithmetic, node, [replaced(by: other)] + Operators.fallback(name, left, right))
            if name == "*" || name == "/" { add(.sign, node, "(-(\(left) \(name) \(right)))") }
        } else if Operators.logic.contains(name) {
            let other = name == "&&" ? "||" : "&&"
            if name != "??" { add(.logic, node, [replaced(by: other)]) }
            if name != "??" { add(.logic, node, [Candidate("(\(left))", shown: left)]) }
            add(.logic, node, [Candidate("(\(right))", shown: right)])
        }
        return .visitChildren
    }

    override func visit(_ node: PrefixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        let operand = node.expression.trimmedDescription
        switch node.operator.text {
        case "!": add(.negation, node, [Candidate("(\(operand))", shown: operand)])
        case "-", "~": add(.sign, node, [Candidate("(\(operand))", shown: operand)])
        default: break
        }
        return .visitChildren
    }

    override func visit(_ node: TernaryExprSyntax) -> SyntaxVisitorContinueKind {
        let condition = node.condition.trimmedDescription
        let (yes, no) = (node.thenExpression.trimmedDescription, node.elseExpression.trimmedDescription)
        let swapped = "\(condition) ? \(no) : \(yes)"
        add(.ternary, node, [Candidate("((\(condition)) ? (\(no)) : (\(yes)))", shown: swapped)])
        add(.condition, node, [Candidate("(\(yes))", shown: yes)])
        add(.condition, node, [Candidate("(\(no))", shown: no)])
        return .visitChildren
    }

    // MARK: constants

    override func visit(_ node: IntegerLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        guard let value = Operators.integer(node.literal.text) else { return .skipChildren }
        add(.boundary, node, "\(value + 1)")
        add(
            .boundary, node,
            [value > 0 ? Candidate("\(value - 1)") : Candidate("(\(value - 1))", shown: "\(value - 1)")])
        return .skipChildren
    }

    override func visit(_ node: FloatLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        guard let value = Double(node.literal.text.replacing("_", with: "")) else { return .skipChildren }
        add(.constant, node, value == 0 ? "1.0" : "\(value * 2)")
        if value != 0 { add(.constant, node, "0.0") }
        return .skipChildren
    }

    override func visit(_ node: BooleanLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        add(.constant, node, node.literal.text == "true" ? "false" : "true")
        return .skipChildren
    }

    // MARK: members and calls

    override func visit(_ node: MemberAccessExprSyntax) -> SyntaxVisitorContinueKind {
        let name = node.declName.baseName.text
        let base = node.base?.trimmedDescription
        if let base, Operators.droppedProperties.contains(name) {
            add(.call, node, [Candidate("(\(base))", shown: base)])
        }
        guard base.map({ $0.first?.isUppercase == true && !$0.contains("(") }) ?? true else { return .visitChildren }
        let prefix = base.map { $0 + "." } ?? "."
        if let codes = Operators.statics[name] {
            add(.constant, node, codes.map { Candidate($0.hasPrefix(".") ? prefix + $0.dropFirst() : $0) })
        }
        let hasPayload = node.parent?.as(FunctionCallExprSyntax.self)?.calledExpression.id == ExprSyntax(node).id
        let type = base.flatMap { $0.split(separator: ".").last.map(String.init) }
        for names in declarations.siblings(of: name, in: type, hasPayload: hasPayload) {
            add(.enumCase, node, names.map { Candidate(prefix + $0) })
        }
        return .visitChildren
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        if let called = node.calledExpression.as(DeclReferenceExprSyntax.self) {
            visitFree(node, named: called.baseName.text)
        } else if let called = node.calledExpression.as(MemberAccessExprSyntax.self), let base = called.base {
            let text = base.trimmedDescription
            if text.first?.isUppercase == false, text != "self", text != "super" {
                add(.call, node, [Candidate("(\(text))", shown: text)])
            }
        }
        return .visitChildren
    }

    private func visitFree(_ node: FunctionCallExprSyntax, named name: String) {
        let arguments = node.arguments.map { $0.expression.trimmedDescription }
        if name == "min" || name == "max" {
            let other = name == "min" ? "max" : "min"
            add(.extremum, node, "\(other)(\(arguments.joined(separator: ", ")))")
        } else if arguments.count == 1, name.first?.isUppercase == false {
            add(.call, node, [Candidate("(\(arguments[0]))", shown: arguments[0])])
        }
    }

    // MARK: what is not mutated here

    override func visit(_ node: GenericArgumentClauseSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: TypeAnnotationSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: ExpressionPatternSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: MacroExpansionExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: AttributeSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}
