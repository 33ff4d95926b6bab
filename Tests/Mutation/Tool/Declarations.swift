import SwiftSyntax

/// What mutating an expression needs to know from other files: the cases of enums, and the properties with a default.
struct Declarations {
    struct Case: Hashable {
        let name: String
        /// The text of the associated values; only cases with the same ones are swapped.
        let payload: String
    }

    private(set) var enums: [String: [Case]] = [:]
    /// `Type.property` of every stored property that has a value before an initialiser runs.
    private(set) var defaulted: Set<String> = []

    mutating func add(_ file: SourceFileSyntax) {
        let collector = Collector(viewMode: .sourceAccurate)
        collector.walk(file)
        enums.merge(collector.enums) { $0 + $1 }
        defaulted.formUnion(collector.defaulted)
    }

    /// The names that could stand in place of case `name`, nearest neighbours first.
    ///
    /// The type of an implicit `.name` is not known here. Every enum that has such a case offers the one after it (for
    /// the first list) and the one before it (for the second); the compiler refuses the wrong ones.
    func siblings(of name: String, in type: String?, hasPayload: Bool) -> [[String]] {
        var after: [String] = []
        var before: [String] = []
        for (_, cases) in enums.filter({ type == nil || $0.key == type }).sorted(by: { $0.key < $1.key }) {
            guard let own = cases.first(where: { $0.name == name && $0.payload.isEmpty != hasPayload }) else {
                continue
            }
            let alike = cases.filter { $0.payload == own.payload }
            guard alike.count > 1, let position = alike.firstIndex(of: own) else { continue }
            after.append(alike[(position + 1) % alike.count].name)
            before.append(alike[(position + alike.count - 1) % alike.count].name)
        }
        return after == before ? [after] : [after, before]
    }
}

private final class Collector: SyntaxVisitor {
    var enums: [String: [Declarations.Case]] = [:]
    var defaulted: Set<String> = []

    override func visit(_ node: EnumCaseElementSyntax) -> SyntaxVisitorContinueKind {
        guard let type = node.enclosingTypeName else { return .skipChildren }
        let payload = node.parameterClause?.trimmedDescription.onOneLine ?? ""
        enums[type, default: []].append(Declarations.Case(name: node.name.text, payload: payload))
        return .skipChildren
    }

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
        guard let type = node.enclosingTypeName, node.parent?.is(MemberBlockItemSyntax.self) == true else {
            return .visitChildren
        }
        for binding in node.bindings {
            let isOptional = binding.typeAnnotation?.type.is(OptionalTypeSyntax.self) == true
            let isVariable = node.bindingSpecifier.text == "var"
            if binding.initializer != nil || (isOptional && isVariable) {
                defaulted.insert("\(type).\(binding.pattern.trimmedDescription)")
            }
        }
        return .visitChildren
    }
}

extension SyntaxProtocol {
    var span: Range<Int> {
        positionAfterSkippingLeadingTrivia.utf8Offset..<endPositionBeforeTrailingTrivia.utf8Offset
    }

    /// The nodes around this one, innermost first.
    var ancestors: some Sequence<Syntax> { sequence(first: Syntax(self)) { $0.parent }.dropFirst() }

    /// The last component of the name of the type or extension around this node.
    var enclosingTypeName: String? { ancestors.lazy.compactMap(\.typeName).first }

    private var typeName: String? {
        if let node = `as`(ExtensionDeclSyntax.self) {
            return node.extendedType.trimmedDescription.split(separator: ".").last.map(String.init)
        }
        return `as`(StructDeclSyntax.self)?.name.text ?? `as`(EnumDeclSyntax.self)?.name.text
            ?? `as`(ClassDeclSyntax.self)?.name.text ?? `as`(ActorDeclSyntax.self)?.name.text
            ?? `as`(ProtocolDeclSyntax.self)?.name.text
    }

    /// `Type.function(labels:)` around this node, as far as it exists.
    var enclosingFunction: String {
        let member = ([Syntax(self)] + ancestors).lazy.compactMap(\.memberName).first
        let name = [enclosingTypeName, member].compactMap { $0 }.joined(separator: ".")
        return name.isEmpty ? "-" : name.filter { !$0.isWhitespace }
    }

    private var memberName: String? {
        if let node = `as`(FunctionDeclSyntax.self) {
            return node.name.text + labels(of: node.signature.parameterClause)
        }
        if let node = `as`(InitializerDeclSyntax.self) {
            return "init" + (node.optionalMark?.text ?? "") + labels(of: node.signature.parameterClause)
        }
        if let node = `as`(SubscriptDeclSyntax.self) { return "subscript" + labels(of: node.parameterClause) }
        if let node = `as`(PatternBindingSyntax.self), node.ancestors.contains(where: { $0.is(CodeBlockSyntax.self) }) {
            return nil
        }
        return `as`(PatternBindingSyntax.self)?.pattern.trimmedDescription.onOneLine
    }
}

private func labels(of clause: FunctionParameterClauseSyntax) -> String {
    "(" + clause.parameters.map { $0.firstName.text + ":" }.joined() + ")"
}
