/// What a set of expressions may need. Models of robots stay far below; what is above is a mistake or an attack.
public enum ExpressionLimits {
    /// Characters of one expression.
    public static let length = 1 << 14
    /// Parentheses, signs, powers and conditions inside each other.
    public static let depth = 100
    /// Elements of a vector.
    public static let elements = 64
    /// Different operations of a program, after common ones were merged.
    public static let operations = 1 << 16
    /// Steps of all expressions together, each element of a vector counted.
    public static let steps = 1 << 20
}
