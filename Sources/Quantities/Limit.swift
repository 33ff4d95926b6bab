/// A closed range of one quantity. One that exists has finite ends, the low one below the high one.
@frozen public struct Limit<Unit: Quantity>: Equatable, Sendable {
    public let low: Unit
    public let high: Unit

    /// Nil when an end is not finite or `low` is not below `high`.
    @inlinable public init?(_ low: Unit, _ high: Unit) {
        guard low.isFinite, high.isFinite, low < high else { return nil }
        self.low = low
        self.high = high
    }

    /// Whether `asked` lies in the range, the ends included. NaN never does.
    @inlinable public func contains(_ asked: Unit) -> Bool { low <= asked && asked <= high }

    /// The value of the range that is nearest to `asked`. NaN stays NaN, so that nobody takes it for a command.
    @inlinable public func nearest(to asked: Unit) -> Unit { min(max(asked, low), high) }
}

extension Limit where Unit: LinearQuantity {
    @inlinable public var span: Unit { high - low }
}
