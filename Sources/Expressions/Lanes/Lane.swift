/// A number that programs run on: `Float` for rollouts, `Double` for identification.
public protocol Lane: BinaryFloatingPoint, Sendable, BitwiseCopyable {
    associatedtype Vector: LaneVector where Vector.Element == Self

    /// Runs instructions over columns. A requirement, so that it is compiled once for each kind of number, with
    /// everything in its place, no matter from where it is called.
    static func execute(_ instructions: Span<Instruction>, on columns: ColumnTable, blocks: Int)
}

extension Float: Lane {
    public typealias Vector = FloatLanes
}

extension Double: Lane {
    public typealias Vector = DoubleLanes
}

/// Lanes that are computed together: what arithmetic, exponentials and the hyperbolic tangent need.
///
/// A condition is a vector too: all bits of a lane set where it holds, none where it does not. Nothing here rounds
/// twice or leaves a rounding out, so the same lanes give the same bits on every machine and in every build. Only the
/// sign and the payload of a NaN are left to the machine.
public protocol LaneArithmetic: BitwiseCopyable, Sendable {
    associatedtype Element: BinaryFloatingPoint

    /// How many lanes there are.
    static var width: Int { get }

    init(repeating element: Element)
    subscript(lane: Int) -> Element { get set }

    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Self) -> Self
    static func / (left: Self, right: Self) -> Self

    // Bit by bit.
    static func & (left: Self, right: Self) -> Self
    static func | (left: Self, right: Self) -> Self
    static func ^ (left: Self, right: Self) -> Self
    static prefix func ~ (bits: Self) -> Self

    /// Where `self < right`; never where one of them is NaN.
    func isLess(than right: Self) -> Self
    func isAtMost(_ right: Self) -> Self
    func isEqual(to right: Self) -> Self

    /// The sign bit alone.
    static var signBit: Self { get }

    // What the functions are made of, with the bits and the polynomials of each width.

    /// Adding and subtracting it rounds to a whole number, which the lowest bits of the sum hold.
    static var roundingShift: Self { get }
    /// Two to the power that stands in the lowest bits, as `roundingShift` leaves it.
    var powerOfTwo: Self { get }
    static var log2: (upper: Self, lower: Self) { get }
    static var exponentialRange: (low: Self, high: Self) { get }

    /// (exp(r) − 1 − r)/r² up to log(2)/2; a minimax polynomial, as all of them.
    static func exponentialPolynomial(_ r: Self) -> Self
    /// (tanh(t)/t − 1)/z up to ⅝, of z = t².
    static func tanhPolynomial(_ z: Self) -> Self
}

/// Lanes of one machine word of 16 bytes, which every processor holds in one register, with all functions.
public protocol LaneVector: LaneArithmetic where Element: Lane {
    /// Whether any bit of any lane is set.
    var hasAnyBit: Bool { get }
    /// The correctly rounded square root of the magnitude.
    var squareRootOfMagnitude: Self { get }

    /// With only so many digits that the product of two such numbers is exact.
    var upperHalf: Self { get }
    /// All bits where bit `position` of the pattern is set.
    func mask(ofBit position: Int) -> Self
    /// The sign bit where bit `position` of the pattern is set.
    func sign(ofBit position: Int) -> Self
    /// `self == 2^exponent * fraction` with √½ ≤ fraction < √2; for positive normal numbers.
    var split: (exponent: Self, fraction: Self) { get }

    /// The angles up to which `reduced` is good for a magnitude; beyond, lanes are computed one by one.
    static var reductionLimit: Self { get }
    /// What is left of a magnitude after `turns` quarter turns, in two parts whose sum is exact to more than a lane
    /// holds.
    func reduced(byQuarters turns: Self) -> (angle: Self, tail: Self)

    /// Where the result of a sum or product begins to have fewer digits.
    static var subnormal: (limit: Self, scale: Self, exponent: Self) { get }
    static var halfTurn: (upper: Self, lower: Self) { get }

    // Minimax polynomials of `z`, the square of the argument except where said.

    /// (sin(r)/r − 1)/z up to π/4.
    static func sinePolynomial(_ z: Self) -> Self
    /// (cos(r) − 1 + z/2)/z² up to π/4.
    static func cosinePolynomial(_ z: Self) -> Self
    /// ((log(1+s) − log(1−s))/s − 2)/z up to 3 − √8.
    static func logarithmPolynomial(_ z: Self) -> Self
    /// (atan(t)/t − 1)/z up to ½.
    static func arcTangentPolynomial(_ z: Self) -> Self
    /// (asin(t)/t − 1)/z up to ½.
    static func arcSinePolynomial(_ z: Self) -> Self

    // One lane at a time, for arguments that the fast way does not reach.

    static func largeSineAndCosine(_ angle: Element) -> (sine: Element, cosine: Element)
    static func largeTangent(_ angle: Element) -> Element
    static func largeWrapped(_ angle: Element) -> Element
    static func power(_ base: Element, _ exponent: Element) -> Element
}

extension LaneArithmetic {
    @inlinable @inline(__always) public init(_ number: Double) { self.init(repeating: Element(number)) }

    @inlinable @inline(__always) public static prefix func - (vector: Self) -> Self { vector ^ signBit }
    @inlinable @inline(__always) public var magnitude: Self { self & ~Self.signBit }
    @inlinable @inline(__always) public var sign: Self { self & Self.signBit }
    @inlinable @inline(__always) public var isNotANumber: Self { ~isEqual(to: self) }

    /// The lanes of `left` where the condition `self` holds, else those of `right`.
    @inlinable @inline(__always)
    public func choose(_ left: Self, else right: Self) -> Self { (left & self) | (right & ~self) }

    /// The smaller one, the left one of equals, NaN if one of them is NaN.
    @inlinable @inline(__always)
    public static func minimum(_ left: Self, _ right: Self) -> Self {
        (right.isLess(than: left) | right.isNotANumber).choose(right, else: left)
    }

    /// The larger one, the left one of equals, NaN if one of them is NaN.
    @inlinable @inline(__always)
    public static func maximum(_ left: Self, _ right: Self) -> Self {
        (left.isLess(than: right) | right.isNotANumber).choose(right, else: left)
    }

    /// −1, 0 or 1; zeros and NaN stay what they are.
    @inlinable @inline(__always)
    public var signum: Self {
        let zero = Self(0)
        let signed = Self(1) | sign
        return (isEqual(to: zero) | isNotANumber).choose(self, else: signed)
    }

    // Nine digits at a time: short sums do not wait for one another.

    @inlinable @inline(__always)
    static func polynomial(_ z: Self, _ a: Double, _ b: Double, _ c: Double) -> Self {
        (Self(c) * z + Self(b)) * z + Self(a)
    }

    @inlinable @inline(__always)
    static func polynomial(_ z: Self, _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double) -> Self {
        (polynomial(z, c, d, e) * z + Self(b)) * z + Self(a)
    }

    @inlinable @inline(__always)
    static func polynomial(
        _ z: Self, _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double
    ) -> Self {
        polynomial(z, d, e, f) * (z * z * z) + polynomial(z, a, b, c)
    }
}

extension LaneVector {
    @inlinable @inline(__always)
    public var squareRoot: Self { squareRootOfMagnitude | sign | isLess(than: Self(0)) }
}
