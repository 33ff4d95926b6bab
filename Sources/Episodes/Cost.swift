/// A whole number of small units: sums of many thousands are exact, and the same in a database.
public protocol Counted: Hashable, Comparable, Sendable {
    var rawValue: Int64 { get }
    init(_ rawValue: Int64)
}

extension Counted {
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    public static var zero: Self { Self(0) }

    /// Stays at the ends of what can be counted.
    public static func + (left: Self, right: Self) -> Self {
        let (sum, isOver) = left.rawValue.addingReportingOverflow(right.rawValue)
        return Self(isOver ? (right.rawValue < 0 ? .min : .max) : sum)
    }

    public static func - (left: Self, right: Self) -> Self {
        let (rest, isOver) = left.rawValue.subtractingReportingOverflow(right.rawValue)
        return Self(isOver ? (right.rawValue < 0 ? .max : .min) : rest)
    }
}

/// A span of time, counted.
public struct Milliseconds: Counted {
    public let rawValue: Int64
    public init(_ rawValue: Int64) { self.rawValue = rawValue }
}

/// Heat that motors have to get rid of.
public struct Millijoules: Counted {
    public let rawValue: Int64
    public init(_ rawValue: Int64) { self.rawValue = rawValue }
}

/// Wear: millionths of the rated life of the robot's most worn joint.
public struct Microlives: Counted {
    public let rawValue: Int64
    public init(_ rawValue: Int64) { self.rawValue = rawValue }
}

/// What a real episode costs, in four currencies that cannot be changed into each other.
public struct Cost: Hashable, Sendable {
    /// How long the robot is in use.
    public let time: Milliseconds
    public let wear: Microlives
    public let heat: Millijoules
    /// How long a person is kept busy: to look, to approve, to put things back.
    public let attention: Milliseconds

    public init(
        time: Milliseconds = .zero, wear: Microlives = .zero, heat: Millijoules = .zero, attention: Milliseconds = .zero
    ) {
        self.time = time
        self.wear = wear
        self.heat = heat
        self.attention = attention
    }

    public static let zero = Cost()

    public static func + (left: Cost, right: Cost) -> Cost {
        Cost(
            time: left.time + right.time, wear: left.wear + right.wear, heat: left.heat + right.heat,
            attention: left.attention + right.attention)
    }

    public static func - (left: Cost, right: Cost) -> Cost {
        Cost(
            time: left.time - right.time, wear: left.wear - right.wear, heat: left.heat - right.heat,
            attention: left.attention - right.attention)
    }

    /// Whether none of the four is below zero.
    public var isCovered: Bool {
        time >= .zero && wear >= .zero && heat >= .zero && attention >= .zero
    }
}

extension Cost: Canonical {
    public func write(to writer: inout CanonicalWriter) {
        for amount in [time.rawValue, wear.rawValue, heat.rawValue, attention.rawValue] { writer.append(amount) }
    }

    public init(from reader: inout CanonicalReader) throws(CanonicalError) {
        self.init(
            time: Milliseconds(try reader.integer(Int64.self)), wear: Microlives(try reader.integer(Int64.self)),
            heat: Millijoules(try reader.integer(Int64.self)), attention: Milliseconds(try reader.integer(Int64.self)))
    }
}
