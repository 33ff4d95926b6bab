/// How long bytes may lie in the adapter and its driver before we see them.
public struct LineLatency: Equatable, Sendable {
    /// How long an adapter of FTDI's kind waits for more before it passes a short answer on; 16 ms as delivered.
    /// nil when the driver has no such timer.
    public var timer: Duration?
    /// The driver's low-latency flag; nil when it has none.
    public var isLow: Bool?

    /// Whether answers may come later than they need to.
    public var isWorseThanNeeded: Bool { timer.map { $0 > .milliseconds(1) } ?? false || isLow == false }

    /// What holds for an open port.
    init(of descriptor: borrowing Descriptor, attribute: String) {
        timer = Linux.line(of: attribute).flatMap { Int64($0) }.map { .milliseconds($0) }
        isLow = Linux.isLowLatency(descriptor)
    }

    /// Asks for the least; whether it was granted shows only when it is read again. The timer usually belongs to root.
    static func lower(_ descriptor: borrowing Descriptor, attribute: String) {
        _ = Linux.setLowLatency(descriptor)
        _ = Linux.write("1", toAttribute: attribute)
    }
}
