import SwiftSyntax

// What a statement is good for, from where it stands.

/// What becomes of the value of an expression that stands alone.
enum ExpressionUse {
    /// Nothing.
    case statement
    /// The function returns it, as its body is nothing else.
    case result
    /// It is the value of a branch of an `if` or `switch` expression.
    case value
}

extension CodeBlockItemSyntax {
    var use: ExpressionUse {
        guard let list = parent?.as(CodeBlockItemListSyntax.self), list.count == 1, let owner = list.parent else {
            return .statement
        }
        if let block = owner.as(CodeBlockSyntax.self) { return block.parent.map(useOfBody) ?? .statement }
        if owner.is(SwitchCaseSyntax.self) {
            return owner.ancestors.first { $0.is(SwitchExprSyntax.self) }.map(useOfBranching) ?? .statement
        }
        return owner.is(AccessorBlockSyntax.self) ? .result : .statement
    }

    /// Whether the item is what a function returns without saying so.
    var isUnaskedReturn: Bool {
        guard use == .result else { return false }
        return switch item {
        case .expr(let expression): !expression.neverReturns
        case .stmt(let statement): statement.is(ExpressionStmtSyntax.self)
        default: false
        }
    }

    private func useOfBody(_ owner: Syntax) -> ExpressionUse {
        if let function = owner.as(FunctionDeclSyntax.self) {
            let type = function.signature.returnClause?.type.trimmedDescription ?? "Void"
            return ["Void", "()", "Never"].contains(type) ? .statement : .result
        }
        if let accessor = owner.as(AccessorDeclSyntax.self) {
            return accessor.accessorSpecifier.text == "get" ? .result : .statement
        }
        return owner.is(IfExprSyntax.self) ? useOfBranching(owner) : .statement
    }

    private func useOfBranching(_ branching: Syntax) -> ExpressionUse {
        guard let parent = branching.parent else { return .statement }
        if parent.is(IfExprSyntax.self) || parent.is(ExpressionStmtSyntax.self) { return useOfBranching(parent) }
        return parent.as(CodeBlockItemSyntax.self)?.use ?? .value
    }
}

extension ExprSyntax {
    private static let neverReturning: Set = ["preconditionFailure", "fatalError", "exit", "abort"]

    var neverReturns: Bool {
        let called = `as`(FunctionCallExprSyntax.self)?.calledExpression.trimmedDescription
        return called.map(Self.neverReturning.contains) ?? false
    }
}

extension SyntaxProtocol {
    /// What gets its type from the value of this node.
    var namingOfValue: Root.Naming {
        for node in ancestors {
            if let binding = node.as(PatternBindingSyntax.self) {
                guard binding.typeAnnotation == nil else { return .none }
                let isLocal = binding.ancestors.contains {
                    $0.is(CodeBlockSyntax.self) || $0.is(AccessorBlockSyntax.self)
                }
                return isLocal ? .local : .member
            }
            if node.is(FunctionDeclSyntax.self) || node.is(AccessorBlockSyntax.self) { return .none }
        }
        return .none
    }
}

extension ExprSyntax {
    /// `Type(…)` with other than one unnamed argument: most likely no number, so that a sign means nothing.
    var isConstruction: Bool {
        guard let call = `as`(FunctionCallExprSyntax.self) else { return false }
        guard call.calledExpression.trimmedDescription.first?.isUppercase == true else { return false }
        return call.arguments.count != 1 || call.arguments.first?.label != nil
    }
}

extension RootFinder {
    /// Whether the program still makes sense to the compiler without this statement.
    func isRemovable(_ expression: ExprSyntax, in item: CodeBlockItemSyntax) -> Bool {
        if let assignment = expression.assigned { return !isFirstValue(assignment, in: item) }
        let plain = expression.as(TryExprSyntax.self)?.expression ?? expression
        guard let called = plain.as(FunctionCallExprSyntax.self)?.calledExpression.trimmedDescription else {
            return plain.is(OptionalChainingExprSyntax.self)
        }
        return !plain.neverReturns && !called.hasSuffix(".init")
    }

    /// Whether this assignment gives something its first value, so that nothing compiles without it.
    private func isFirstValue(_ assignment: InfixOperatorExprSyntax, in item: CodeBlockItemSyntax) -> Bool {
        guard assignment.operator.is(AssignmentExprSyntax.self) else { return false }
        let target = assignment.leftOperand.trimmedDescription
        guard let owner = item.ancestors.first(where: { $0.is(InitializerDeclSyntax.self) || $0.isFunction }) else {
            return false
        }
        if owner.declaresLater(target) { return true }
        guard owner.is(InitializerDeclSyntax.self), let type = owner.enclosingTypeName else { return false }
        let property = target.hasPrefix("self.") ? String(target.dropFirst("self.".count)) : target
        return property == "self" || !(property.contains(".") || declarations.defaulted.contains("\(type).\(property)"))
    }
}

extension Syntax {
    fileprivate var isFunction: Bool { `is`(FunctionDeclSyntax.self) || `is`(AccessorDeclSyntax.self) }

    /// Whether a local `name` is declared here without a value.
    fileprivate func declaresLater(_ name: String) -> Bool {
        let finder = LaterDeclarations(viewMode: .sourceAccurate)
        finder.walk(self)
        return finder.names.contains(name)
    }
}

private final class LaterDeclarations: SyntaxVisitor {
    var names: Set<String> = []

    override func visit(_ node: PatternBindingSyntax) -> SyntaxVisitorContinueKind {
        if node.initializer == nil, node.accessorBlock == nil { names.insert(node.pattern.trimmedDescription) }
        return .visitChildren
    }
}
