extension Fault {
    init(parsing text: Substring) throws(FaultPlanError) {
        let parts = Parts(text)
        guard let name = FaultName(rawValue: String(parts.name)) else { throw .unknownName(String(parts.name)) }
        self.name = name
        place = try parts.place(of: name)
        value = try parts.value(of: name)
        let from = try parts.time(parts.from) ?? 0
        let duration = try parts.time(parts.duration)
        self.from = BusInstant(nanoseconds: from)
        until = duration.map { BusInstant(nanoseconds: from + $0) }
    }

    /// The text cut at its signs, in whatever order they come.
    private struct Parts {
        var name: Substring = ""
        var place: Substring?
        var from: Substring?
        var duration: Substring?
        var value: Substring?

        init(_ text: Substring) {
            var rest = text
            name = Self.cut(&rest)
            while let sign = rest.popFirst() {
                switch sign {
                case "#": place = Self.cut(&rest)
                case "@": from = Self.cut(&rest)
                case "+": duration = Self.cut(&rest)
                default: value = Self.cut(&rest)
                }
            }
        }

        private static func cut(_ rest: inout Substring) -> Substring {
            let part = rest.prefix { !"#@+:".contains($0) }
            rest = rest[part.endIndex...]
            return part
        }

        func place(of name: FaultName) throws(FaultPlanError) -> Int? {
            guard let place else { return nil }
            guard name.hasPlace else { throw .noPlace(name) }
            guard let number = Int(place), number > 0 else { throw .badPlace(String(place)) }
            return number - 1
        }

        func value(of name: FaultName) throws(FaultPlanError) -> Double {
            guard let value else { return name.unit?.unlessSaid ?? 0 }
            guard let unit = name.unit else { throw .noValue(name) }
            guard let number = Double(value), unit.allows(number) else { throw .badValue(String(value)) }
            return number
        }

        func time(_ text: Substring?) throws(FaultPlanError) -> Int64? {
            guard let text else { return nil }
            let units: [(String, Double)] = [("us", 1e3), ("ms", 1e6), ("s", 1e9)]
            guard let (unit, scale) = units.first(where: { text.hasSuffix($0.0) }),
                let number = Double(text.dropLast(unit.count)), number >= 0, number * scale < 1e18
            else { throw .badTime(String(text)) }
            return Int64((number * scale).rounded())
        }
    }
}
