import Testing

@testable import Expressions

@Suite struct DimensionTests {
    @Test(
        "units of the same kind are equal however they are written",
        arguments: [
            ("rad", "1"), ("rad/s", "1/s"), ("N*m", "J"), ("N·m·s/rad", "J*s"), ("N", "kg*m/s^2"), ("m/s²", "m*s^-2"),
            ("V", "W/A"), ("ohm", "V/A"), ("Ω", "ohm"), ("J/(kg*K)", "m^2/s^2/K"), ("Hz", "1/s"), ("H", "V*s/A"),
            ("N*m/A", "V*s"), (" N * m ", "N*m"), ("°C", "K"), ("m³", "m^3"), ("Wb", "V*s"), ("T", "Wb/m^2"),
            ("C", "A*s"),
            ("Pa", "N/m²"),
        ])
    func same(left: String, right: String) throws {
        #expect(try Dimension(parsing: left) == Dimension(parsing: right))
    }

    @Test(
        "what is no unit is refused",
        arguments: [
            ("", UnitError.unexpected(at: 0)), ("N*", .unexpected(at: 2)), ("N m", .unexpected(at: 2)),
            ("Nm", .unknown("Nm", nearest: "N")), ("rat", .unknown("rat", nearest: "rad")), ("(m", .unexpected(at: 2)),
            ("m^", .unexpected(at: 2)), ("mm", .unknown("mm", nearest: "m")), ("m)", .unexpected(at: 1)),
            (String(repeating: "(", count: 60), .unreasonable), (String(repeating: "m*", count: 60), .unreasonable),
            ("m^9*(m^9*m^9*m^9)^9", .unreasonable),
        ])
    func refused(text: String, error: UnitError) {
        #expect(throws: error) { try Dimension(parsing: text) }
    }

    @Test("a dimension is written in base units")
    func symbols() throws {
        #expect(try Dimension(parsing: "N*m").symbol == "m^2*kg/s^2")
        #expect(try Dimension(parsing: "rad/s").symbol == "1/s")
        #expect(Dimension.plain.symbol == "1")
        #expect(try Dimension(parsing: "V/A").symbol == "m^2*kg/s^3/A^2")
        #expect(try Dimension(parsing: "m").raised(to: 0.5)?.symbol == "m^(6/12)")
    }
}
