import SwiftSyntax

/// Cuts one file into roots. What it does not understand is left as it is, without mutants.
final class RootFinder: SyntaxVisitor {
    let source: SourceText
    let declarations: Declarations
    private(set) var roots: [Root] = []
    /// What the repeated code cannot do without, or not keep.
    private(set) var edits: [Edit] = []

    /// Promises about allocation, and attributes that show code to other modules.
    private static let strippedAttributes: Set = [
        "_noAllocation", "_noLocks", "_semantics", "inlinable", "frozen", "usableFromInline", "inline", "_transparent",
        "_alwaysEmitIntoClient",
    ]

    init(source: SourceText, declarations: Declarations) {
        self.source = source
        self.declarations = declarations
        super.init(viewMode: .sourceAccurate)
    }

    func sites(in node: some SyntaxProtocol) -> [Site] {
        let mutations = ExpressionMutations(source: source, declarations: declarations)
        mutations.walk(node)
        return mutations.sites
    }

    /// Adds a root unless it has no mutants; of mutants that read the same only the first stays.
    func add(_ shape: Root.Shape, _ node: some SyntaxProtocol, _ sites: [Site], span: Range<Int>? = nil) {
        let span = span ?? node.span
        var seen: Set<String> = []
        let distinct = sites.filter { site in
            let code = site.candidates[0].code
            return seen.insert(source.text(of: span, replacing: site.span, by: code).onOneLine).inserted
        }
        guard !distinct.isEmpty else { return }
        let line = source.line(at: node.span.lowerBound)
        let naming = shape == .value ? node.namingOfValue : shape == .inferred ? .local : .none
        roots.append(
            Root(
                shape: shape, span: span, line: line, function: node.enclosingFunction, naming: naming, sites: distinct)
        )
    }

    // MARK: statements

    override func visit(_ node: CodeBlockItemSyntax) -> SyntaxVisitorContinueKind {
        switch node.item {
        case .expr(let expression):
            if expression.isBranching { return .visitChildren }
            switch node.use {
            case .statement: return visitStatement(expression, in: node)
            case .result: addResult(expression, of: node)
            case .value: addValue(expression)
            }
            return .skipChildren
        case .stmt(let statement):
            if let result = statement.as(ReturnStmtSyntax.self) { return visitReturn(result) }
            guard let thrown = statement.as(ThrowStmtSyntax.self) else { return .visitChildren }
            add(.statement, thrown, sites(in: thrown.expression))
            return .skipChildren
        default: return .visitChildren
        }
    }

    private func visitReturn(_ node: ReturnStmtSyntax) -> SyntaxVisitorContinueKind {
        guard let expression = node.expression, !expression.isBranching else { return .visitChildren }
        add(.statement, node, sites(in: expression) + negated(expression))
        return .skipChildren
    }

    private func visitStatement(_ expression: ExprSyntax, in item: CodeBlockItemSyntax) -> SyntaxVisitorContinueKind {
        let removal = isRemovable(expression, in: item) ? [removal(of: item)] : []
        guard let right = expression.assigned?.rightOperand else {
            add(.statement, item, sites(in: expression) + removal, span: item.item.span)
            return .skipChildren
        }
        if right.isBranching {
            add(.around, item, removal)
            return .visitChildren
        }
        let all = sites(in: expression) + negated(right) + removal
        add(.statement, item, all, span: item.item.span)
        return .skipChildren
    }

    private func removal(of item: CodeBlockItemSyntax) -> Site {
        let nothing = Candidate("break", shown: "(removed)")
        let original = item.item.trimmedDescription.onOneLine
        return Site(operation: .statement, span: item.item.span, original: original, candidates: [nothing])
    }

    // MARK: values

    override func visit(_ node: InitializerClauseSyntax) -> SyntaxVisitorContinueKind {
        guard let parent = node.parent, !node.value.isBranching else { return .visitChildren }
        if parent.is(PatternBindingSyntax.self) {
            addValue(node.value)
        } else if parent.is(FunctionParameterSyntax.self) || parent.is(OptionalBindingConditionSyntax.self) {
            add(.inferred, node.value, sites(in: node.value))
        }
        return .skipChildren
    }

    private func addValue(_ expression: ExprSyntax) {
        add(.value, expression, sites(in: expression) + negated(expression))
    }

    /// A function whose body is one expression returns it unasked. Where that is a `switch` with another `switch` in a
    /// branch, the compiler may not find the type; so every branch returns by itself.
    private func addResult(_ expression: ExprSyntax, of item: CodeBlockItemSyntax) {
        guard item.isUnaskedReturn else { return }
        let start = expression.span.lowerBound
        edits.append(Edit(span: start..<start, code: "return "))
        addValue(expression)
    }

    /// The value with the opposite sign, where that could mean something; the compiler refuses the rest.
    private func negated(_ expression: ExprSyntax) -> [Site] {
        let isNamed = expression.is(DeclReferenceExprSyntax.self) || expression.is(SubscriptCallExprSyntax.self)
        let isMember = expression.as(MemberAccessExprSyntax.self)?.base != nil
        let called = expression.as(FunctionCallExprSyntax.self)?.calledExpression
        let isCall = called.map {
            $0.as(MemberAccessExprSyntax.self)?.base != nil || $0.is(DeclReferenceExprSyntax.self)
        }
        guard !expression.isConstruction else { return [] }
        // Minus zero is zero.
        if let member = expression.as(MemberAccessExprSyntax.self), member.declName.baseName.text == "zero" {
            return []
        }
        guard isNamed || isMember || isCall == true else { return [] }
        let text = expression.trimmedDescription
        let candidate = Candidate("(-(\(text)))", shown: "-(\(text))")
        return [Site(operation: .sign, span: expression.span, original: text.onOneLine, candidates: [candidate])]
    }

    override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
        add(.inferred, node.sequence, sites(in: node.sequence))
        return .visitChildren
    }

    // MARK: conditions

    override func visit(_ node: ConditionElementListSyntax) -> SyntaxVisitorContinueKind {
        visitConditions(node)
        return .skipChildren
    }

    override func visit(_ node: RepeatStmtSyntax) -> SyntaxVisitorContinueKind {
        addCondition(node.condition, failing: true, passing: false)
        walk(node.body)
        return .skipChildren
    }

    override func visit(_ node: WhereClauseSyntax) -> SyntaxVisitorContinueKind {
        addCondition(node.condition, failing: true, passing: true)
        return .skipChildren
    }

    override func visit(_ node: SwitchExprSyntax) -> SyntaxVisitorContinueKind {
        add(.inferred, node.subject, sites(in: node.subject))
        addLabels(of: node)
        walk(node.cases)
        return .skipChildren
    }

    // MARK: attributes

    override func visit(_ node: AttributeSyntax) -> SyntaxVisitorContinueKind {
        if Self.strippedAttributes.contains(node.attributeName.trimmedDescription) {
            edits.append(Edit(span: node.span, code: ""))
        }
        return .skipChildren
    }

    override func visit(_ node: EnumCaseDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: MacroExpansionDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}
