import Glibc
import Testing

@testable import Expressions

/// The room's own functions against references with more digits.
///
/// Largest errors, in units of the last place, over every single `Float` (angles up to 8,192, where the fast way ends):
/// sine and cosine 0.92, tangent 1.91, exponential 0.98, logarithm 0.84, tanh 1.34, arc sine 0.85, arc cosine 0.9, arc
/// tangent 1.4. Over 400,000 arguments of `Double` for each: 0.9, 1.64, 0.94, 0.83, 1.32, 0.8, 0.88, 1.39; powers 1.41.
/// Roots are exact, powers and long angles of `Float` all but exact, wrapped angles within 0.9.
@Suite struct FunctionTests {
    /// What a function may be wrong by, in units of the last place.
    static let allowed: [String: Double] = [
        "sin": 0.95, "cos": 0.95, "tan": 1.95, "exp": 1, "log": 0.9, "tanh": 1.4, "asin": 0.9, "acos": 0.95,
        "sqrt": 0.5, "atan": 1.45, "wrap": 0.9,
    ]

    static func compute<Vector: LaneVector>(_ name: String, _ vector: Vector) -> Vector {
        switch name {
        case "sin": vector.sine
        case "cos": vector.cosine
        case "tan": vector.tangent
        case "exp": vector.exponential
        case "log": vector.logarithm
        case "tanh": vector.hyperbolicTangent
        case "asin": vector.arcSine
        case "acos": vector.arcCosine
        case "sqrt": vector.squareRoot
        case "atan": Vector.arcTangent(vector, Vector(1))
        default: vector.wrapped
        }
    }

    /// Of a function of one number, computed in 400 digits and rounded once; as bits, because a compiler may round a
    /// decimal number twice.
    static let table: [(name: String, argument: UInt64, value: UInt64)] = [
        ("sin", 0x4480F0CF064DD592, 0xBFEB453AB76BF397),
        ("cos", 0x4480F0CF064DD592, 0x3FE0BE2CEF01C8F4),
        ("tan", 0x4480F0CF064DD592, 0xBFFA0F79C1B6B257),
        ("sin", 0x7E5DDD4BAA009303, 0x3FEFE8388EA32208),
        ("cos", 0x7E5DDD4BAA009303, 0xBFB37DC98CEF57D0),
        ("tan", 0x7E5DDD4BAA009303, 0xC02A311A1D85DDF9),
        ("sin", 0x7FEFFFFFFFFFFFFF, 0x3F7452FC98B34E97),
        ("cos", 0x7FEFFFFFFFFFFFFF, 0xBFEFFFE62ECFAB75),
        ("tan", 0x7FEFFFFFFFFFFFFF, 0xBF74530CFE729484),
        ("sin", 0x7506AC5B262CA1FF, 0x3FF0000000000000),
        ("cos", 0x7506AC5B262CA1FF, 0xBC214AE72E6BA22F),
        ("tan", 0x7506AC5B262CA1FF, 0xC3BD9BA9A7975636),
        ("sin", 0x4130000100000000, 0x3FEF20CC1FF62D21),
        ("cos", 0x4130000100000000, 0x3FCDACFB27D45B34),
        ("tan", 0x4130000100000000, 0x4010C878130C5486),
        ("sin", 0x41E65A0BC0000000, 0x3FEF958B458CC91B),
        ("cos", 0x41E65A0BC0000000, 0xBFC4917F746FA4F0),
        ("tan", 0x41E65A0BC0000000, 0xC01891B289D24F04),
        ("sin", 0x4770000000000000, 0x3FD82E34655E6FCB),
        ("cos", 0x4770000000000000, 0xBFEDA0CD0B66D8CE),
        ("tan", 0x4770000000000000, 0xBFDA1DC27CAB0816),
        ("sin", 0x41E921FB54442D18, 0xBE81A62633145BF9),
        ("cos", 0x41E921FB54442D18, 0x3FEFFFFFFFFFFFB2),
        ("tan", 0x41E921FB54442D18, 0xBE81A62633145C24),
        ("sin", 0x4076300000000000, 0xBEFF9BD0307D1DE3),
        ("cos", 0x4076300000000000, 0xBFEFFFFFFFC18E4C),
        ("tan", 0x4076300000000000, 0x3EFF9BD030BACC16),
        ("sin", 0x40F9639000000000, 0xBEF40EFDF1EB8DE7),
        ("cos", 0x40F9639000000000, 0x3FEFFFFFFFE6DA77),
        ("tan", 0x40F9639000000000, 0xBEF40EFDF1FB5124),
        ("sin", 0x400921FB54442D18, 0x3CA1A62633145C07),
        ("cos", 0x400921FB54442D18, 0xBFF0000000000000),
        ("tan", 0x400921FB54442D18, 0xBCA1A62633145C07),
        ("sin", 0x3FF921FB54442D18, 0x3FF0000000000000),
        ("cos", 0x3FF921FB54442D18, 0x3C91A62633145C07),
        ("tan", 0x3FF921FB54442D18, 0x434D02967C31CDB5),
        ("sin", 0x4012D97C7F3321D2, 0xBFF0000000000000),
        ("cos", 0x4012D97C7F3321D2, 0xBCAA79394C9E8A0A),
        ("tan", 0x4012D97C7F3321D2, 0x4333570EFD768923),
        ("sin", 0x4051475CC9EEDF00, 0xBD06111D218EFFA2),
        ("cos", 0x4051475CC9EEDF00, 0x3FF0000000000000),
        ("tan", 0x4051475CC9EEDF00, 0xBD06111D218EFFA2),
        ("sin", 0x01A56E1FC2F8F359, 0x01A56E1FC2F8F359),
        ("cos", 0x01A56E1FC2F8F359, 0x3FF0000000000000),
        ("tan", 0x01A56E1FC2F8F359, 0x01A56E1FC2F8F359),
        ("sin", 0x0000000000000001, 0x0000000000000001),
        ("cos", 0x0000000000000001, 0x3FF0000000000000),
        ("tan", 0x0000000000000001, 0x0000000000000001),
        ("sin", 0x3FE921FB54442D18, 0x3FE6A09E667F3BCC),
        ("cos", 0x3FE921FB54442D18, 0x3FE6A09E667F3BCD),
        ("tan", 0x3FE921FB54442D18, 0x3FEFFFFFFFFFFFFF),
        ("exp", 0x40862E42FEFA39EF, 0x7FEFFFFFFFFFFF2A),
        ("exp", 0xC086232BDD7ABCD2, 0x001000000000007C),
        ("exp", 0xC0874385446D71C3, 0x0000000000000001),
        ("exp", 0xC0874910D52D3051, 0x0000000000000001),
        ("exp", 0x01A56E1FC2F8F359, 0x3FF0000000000000),
        ("exp", 0xBC670EF54646D497, 0x3FF0000000000000),
        ("exp", 0x3FD62E42FEFA39EF, 0x3FF6A09E667F3BCC),
        ("exp", 0xBFD62E42FEFA39EF, 0x3FE6A09E667F3BCD),
        ("exp", 0x3FF0000000000000, 0x4005BF0A8B145769),
        ("log", 0x0000000000000001, 0xC0874385446D71C3),
        ("log", 0x0010000000000000, 0xC086232BDD7ABCD2),
        ("log", 0x7FEFFFFFFFFFFFFF, 0x40862E42FEFA39EF),
        ("log", 0x3FF0000000000001, 0x3CAFFFFFFFFFFFFF),
        ("log", 0x3FEFFFFFFFFFFFFF, 0xBCA0000000000000),
        ("log", 0x3FE6A09E667F3BCC, 0xBFD62E42FEFA39F1),
        ("log", 0x3FE6A09E667F3BCD, 0xBFD62E42FEFA39EE),
        ("log", 0x3FF6A09E667F3BCD, 0x3FD62E42FEFA39F0),
        ("log", 0x4000000000000000, 0x3FE62E42FEFA39EF),
        ("log", 0x3EE4F8B588E368F1, 0xC027069E2AA2AA5B),
        ("tanh", 0x0000000000000001, 0x0000000000000001),
        ("tanh", 0x3E112E0BE826D695, 0x3E112E0BE826D695),
        ("tanh", 0x3FE3FFFFFFFFFFFF, 0x3FE1BF47EABB8F95),
        ("tanh", 0x3FE4000000000000, 0x3FE1BF47EABB8F95),
        ("tanh", 0x4032000000000000, 0x3FEFFFFFFFFFFFFC),
        ("tanh", 0x403319999999999A, 0x3FF0000000000000),
        ("tanh", 0x4036000000000000, 0x3FF0000000000000),
        ("tanh", 0x4079000000000000, 0x3FF0000000000000),
        ("asin", 0x3FE0000000000000, 0x3FE0C152382D7366),
        ("acos", 0x3FE0000000000000, 0x3FF0C152382D7366),
        ("asin", 0x3FE0000000000001, 0x3FE0C152382D7367),
        ("acos", 0x3FE0000000000001, 0x3FF0C152382D7365),
        ("asin", 0x3FEFFFFFFFFFFFFF, 0x3FF921FB50442D18),
        ("acos", 0x3FEFFFFFFFFFFFFF, 0x3E50000000000000),
        ("asin", 0x3FF0000000000000, 0x3FF921FB54442D18),
        ("acos", 0x3FF0000000000000, 0x0000000000000000),
        ("asin", 0x3E112E0BE826D695, 0x3E112E0BE826D695),
        ("acos", 0x3E112E0BE826D695, 0x3FF921FB53FF74E9),
        ("asin", 0xBFEFFFFFFFFFFFFF, 0xBFF921FB50442D18),
        ("acos", 0xBFEFFFFFFFFFFFFF, 0x400921FB52442D18),
        ("asin", 0x0000000000000001, 0x0000000000000001),
        ("acos", 0x0000000000000001, 0x3FF921FB54442D18),
        ("sqrt", 0x0000000000000001, 0x1E60000000000000),
        ("sqrt", 0x0010000000000000, 0x2000000000000000),
        ("sqrt", 0x7FEFFFFFFFFFFFFF, 0x5FEFFFFFFFFFFFFF),
        ("sqrt", 0x4000000000000000, 0x3FF6A09E667F3BCD),
        ("sqrt", 0x3FEFFFFFFFFFFFFF, 0x3FEFFFFFFFFFFFFF),
        ("wrap", 0x4010000000000000, 0xC00243F6A8885A31),
        ("wrap", 0x412E848000000000, 0xBFD6E254D0F6B398),
        ("wrap", 0x401C000000000000, 0x3FE6F0255DDE973E),
        ("wrap", 0x4036000000000000, 0xC0090FDAA22168C2),
        ("wrap", 0x4076300000000000, 0xC00921EB865C14CF),
        ("wrap", 0x40F9639000000000, 0xBEF40EFDF1F0CEFB),
        ("wrap", 0x430C6BF526340000, 0x4000E0A96809FDC6),
        ("wrap", 0x4480F0CF064DD592, 0xBFF052A587928EAC),
        ("wrap", 0x401921FB54442D18, 0xBCB1A62633145C07),
        ("wrap", 0x4022D97C7F3321D2, 0x400921FB54442D17),
    ]

    @Test("extreme arguments are as good as any", arguments: table)
    func extremes(name: String, argumentBits: UInt64, valueBits: UInt64) throws {
        let (argument, value) = (Double(bitPattern: argumentBits), Double(bitPattern: valueBits))
        let found = Self.compute(name, DoubleLanes(argument))[0]
        let allowed = (try #require(Self.allowed[name]) + 0.5) * value.ulp
        #expect(abs(found - value) <= allowed || found == value, "\(name)(\(argument)) is \(found)")
    }

    @Test("a `Float` is within its bound of what twice the digits say", arguments: allowed.keys.sorted())
    func singles(name: String) throws {
        let allowed = try #require(Self.allowed[name])
        var generator = SplitMix(seed: 3)
        var worst: (error: Double, argument: Float) = (0, 0)
        for _ in 0..<4_000 {
            let argument = Self.argument(name, &generator) as Float
            let reference = Self.compute(name, DoubleLanes(Double(argument)))[0]
            // On the far side of a turn the two may differ in which end of the interval they are at.
            if name == "wrap", reference.magnitude > 3.14159 { continue }
            let found = Self.compute(name, FloatLanes(repeating: argument))[0]
            let error = Self.error(Double(found), reference, Double(Float(reference).ulp))
            if error > worst.error { worst = (error, argument) }
        }
        #expect(worst.error <= allowed, "\(name)(\(worst.argument))")
    }

    #if arch(x86_64)
        private static func reference(_ name: String, _ argument: Float80) -> Float80 {
            switch name {
            case "sin": sinl(argument)
            case "cos": cosl(argument)
            case "tan": tanl(argument)
            case "exp": expl(argument)
            case "log": logl(argument)
            case "tanh": tanhl(argument)
            case "asin": asinl(argument)
            case "acos": acosl(argument)
            case "sqrt": argument < 0 ? .nan : argument.squareRoot()
            default: atanl(argument)
            }
        }

        @Test("a `Double` is within its bound of what more digits say", arguments: allowed.keys.sorted())
        func doubles(name: String) throws {
            guard name != "wrap" else { return }
            let allowed = try #require(Self.allowed[name])
            var generator = SplitMix(seed: 4)
            var worst: (error: Double, argument: Double) = (0, 0)
            for _ in 0..<4_000 {
                let argument = Self.argument(name, &generator) as Double
                let reference = Self.reference(name, Float80(argument))
                let found = Self.compute(name, DoubleLanes(argument))[0]
                let rounded = Double(reference)
                let error =
                    rounded.isFinite && found.isFinite
                    ? Double(abs(Float80(found) - reference) / Float80(rounded.ulp))
                    : Self.error(found, rounded, 1)
                if error > worst.error { worst = (error, argument) }
            }
            #expect(worst.error <= allowed, "\(name)(\(worst.argument))")
        }

        @Test("the direction of two numbers and powers are within their bounds")
        func ofTwo() {
            var generator = SplitMix(seed: 5)
            for _ in 0..<4_000 {
                let (x, y) = (Self.argument("sin", &generator) as Double, Self.argument("sin", &generator) as Double)
                let direction = DoubleLanes.arcTangent(DoubleLanes(y), DoubleLanes(x))[0]
                let wanted = atan2l(Float80(y), Float80(x))
                let isWithin =
                    direction.isNaN
                    ? wanted.isNaN : abs(Float80(direction) - wanted) <= 1.45 * Float80(Double(wanted).ulp)
                #expect(isWithin, "atan2(\(y), \(x))")
                let (base, exponent) = (
                    exp2(Double.random(in: -9...9, using: &generator)), Double.random(in: -99...99, using: &generator)
                )
                let power = DoubleLanes.power(base, exponent)
                let raised = powl(Float80(base), Float80(exponent))
                #expect(abs(Float80(power) - raised) <= 1.5 * Float80(Double(raised).ulp), "\(base) ^ \(exponent)")
            }
        }
    #endif

    static func error(_ found: Double, _ wanted: Double, _ unit: Double) -> Double {
        if found.isNaN || wanted.isNaN { return found.isNaN && wanted.isNaN ? 0 : .infinity }
        return found == wanted ? 0 : abs(found - wanted) / unit
    }

    /// Dense where a function bends, sparse over everything else.
    static func argument<Element: Lane>(_ name: String, _ generator: inout SplitMix) -> Element {
        let unit = Double.random(in: -1...1, using: &generator)
        let exponent = Double.random(in: -30...1, using: &generator)
        let quarters = Double(Int.random(in: 1...900, using: &generator)) * (.pi / 2)
        let edges: [Double] = [0, -0.0, 1, -1, 0.5, -0.5, .infinity, -.infinity, .nan, 0.625, .pi, -.pi]
        switch (name, Int.random(in: 0..<6, using: &generator)) {
        case (_, 0): return Element(edges[Int.random(in: 0..<edges.count, using: &generator)])
        case (_, 1): return Element(unit * exp2(exponent))
        case ("asin", _), ("acos", _): return Element(unit)
        case ("exp", _): return Element(unit * (Element.self == Float.self ? 87 : 708))
        case ("log", 2), ("sqrt", 2): return Element(1 + unit * exp2(exponent))
        case ("log", _), ("sqrt", _): return Element(exp2(unit * 120))
        case ("tanh", _): return Element(unit * 3)
        case (_, 2): return Element(quarters * (1 + unit * 1e-9))
        case (_, 3): return Element(unit * 1e7)
        default: return Element(unit * 10)
        }
    }

    @Test("the exceptions of IEEE 754 hold for directions and powers")
    func exceptions() {
        let numbers: [Double] = [0, -0.0, 1, -1, 2, -2, 3, 0.5, -0.5, .infinity, -.infinity, .nan, 1e300]
        for (left, right) in numbers.flatMap({ left in numbers.map { (left, $0) } }) {
            let direction = DoubleLanes.arcTangent(DoubleLanes(left), DoubleLanes(right))[0]
            let wanted = atan2(left, right)
            let isClose = direction.isNaN ? wanted.isNaN : abs(direction - wanted) <= wanted.ulp
            #expect(isClose && (direction.isNaN || direction.sign == wanted.sign), "atan2(\(left), \(right))")
            let (power, raised) = (DoubleLanes.power(left, right), pow(left, right))
            let isRight = power.isNaN ? raised.isNaN : power == raised || abs(power - raised) <= 2 * raised.ulp
            #expect(isRight && (power.isNaN || power.sign == raised.sign), "\(left) ^ \(right) is \(power)")
        }
    }

    @Test("an angle is wrapped into the half-open turn")
    func wrap() {
        for element in [Double.pi, -Double.pi, 3 * Double.pi, -1e22, 0x1p-1063, 6.28] {
            let wrapped = DoubleLanes(element).wrapped[0]
            #expect(wrapped > -Double.pi && wrapped <= Double.pi)
        }
        #expect(DoubleLanes(-.pi).wrapped[0] == .pi)
        #expect(DoubleLanes(.pi).wrapped[0] == .pi)
        #expect(DoubleLanes(1.25).wrapped[0] == 1.25)
        #expect(DoubleLanes(-0.0).wrapped[0].sign == .minus)
        #expect(DoubleLanes(.infinity).wrapped[0].isNaN)
    }

    @Test("signs of zeros and symmetric arguments are kept", arguments: ["sin", "tan", "tanh", "asin", "atan", "wrap"])
    func odd(name: String) {
        #expect(Self.compute(name, DoubleLanes(-0.0))[0].sign == .minus)
        for argument in [0.3, 0.61, 0.99, 1.7, 2.9] {
            let (left, right) = (
                Self.compute(name, FloatLanes(-argument))[0], Self.compute(name, FloatLanes(argument))[0]
            )
            #expect(left == -right || left.isNaN && right.isNaN)
        }
    }

    /// Debug, release, any processor: these sums of all bits never change, or recordings cannot be run again.
    @Test(
        "the bits are the same everywhere",
        arguments: [
            ("sin", 0xF353184AEAEE598),
            ("cos", 0xB0A153100EBEA18),
            ("tan", 0x8C614597923E65A8),
            ("exp", 0x3871C27FB957407E),
            ("log", 0xC3CE5AAB7844EB57),
            ("tanh", 0x31E59D2FAB6DB92),
            ("asin", 0x8AAFBE76085DF447),
            ("acos", 0xE68E18586A02013F),
            ("sqrt", 0x2CA3AEC06A6C4B63),
            ("atan", 0x2D4B04479E82B60E),
            ("wrap", 0x23A0125AEA2711FC),
        ] as [(String, UInt64)])
    func bits(name: String, expected: UInt64) {
        var generator = SplitMix(seed: 6)
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ bits: UInt64, _ isNaN: Bool) { sum = (sum ^ (isNaN ? 1 : bits)) &* 0x100_0000_01B3 }
        for _ in 0..<1_000 {
            let single = Self.compute(name, FloatLanes(repeating: Self.sweep(&generator)))[0]
            take(UInt64(single.bitPattern), single.isNaN)
            let double = Self.compute(name, DoubleLanes(Self.sweep(&generator) as Double))[0]
            take(double.bitPattern, double.isNaN)
        }
        #expect(sum == expected, "(\"\(name)\", 0x\(String(sum, radix: 16, uppercase: true))),")
    }

    /// Arguments that need no function of the system.
    private static func sweep<Element: Lane>(_ generator: inout SplitMix) -> Element {
        let unit = Element(Double.random(in: -1...1, using: &generator))
        return unit * [1, 1, 3, 30, 1e5, 1e9][Int.random(in: 0..<6, using: &generator)]
    }
}
