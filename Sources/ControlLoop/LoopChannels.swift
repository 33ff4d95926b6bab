internal import Quantities
public import Threads

/// Where the loop meets the other threads, to be taken apart: each end belongs to one thread.
@frozen public struct LoopChannels<Program: FlightProgram>: ~Copyable, Sendable {
    public var loop: LoopEnd<Program>
    public var outside: OutsideEnd<Program>

    public init(orders: Int = 64, reports: Int = 256, ticks: Int = 1_024) {
        let orders = Ring<Order<Program>>(capacity: orders)
        let reports = Ring<LoopReport>(capacity: reports)
        let ticks = Ring<TickRecord>(capacity: ticks)
        let status = Bulletin(LoopStatus())
        let inputs = LoopInputs()
        let reader = status.reader
        loop = LoopEnd(orders.consumer, reports.producer, ticks.producer, status.writer, inputs)
        outside = OutsideEnd(orders.producer, reports.consumer, ticks.consumer, reader, inputs)
    }
}

/// The end of whoever gives orders: what it may do is in `LoopInputs`, and in what it puts in and takes out here.
@frozen public struct OutsideEnd<Program: FlightProgram>: ~Copyable, Sendable {
    public var orders: RingProducer<Order<Program>>
    public var reports: RingConsumer<LoopReport>
    public var ticks: RingConsumer<TickRecord>
    /// Where the robot stands now; may be copied to whoever wants to know.
    public let status: BulletinReader<LoopStatus>
    public let inputs: LoopInputs

    init(
        _ orders: consuming RingProducer<Order<Program>>, _ reports: consuming RingConsumer<LoopReport>,
        _ ticks: consuming RingConsumer<TickRecord>, _ status: BulletinReader<LoopStatus>, _ inputs: LoopInputs
    ) {
        self.orders = orders
        self.reports = reports
        self.ticks = ticks
        self.status = status
        self.inputs = inputs
    }
}

/// The loop's own end.
@frozen public struct LoopEnd<Program: FlightProgram>: ~Copyable, Sendable {
    var orders: RingConsumer<Order<Program>>
    var reports: RingProducer<LoopReport>
    var ticks: RingProducer<TickRecord>
    var status: BulletinWriter<LoopStatus>
    let inputs: LoopInputs

    init(
        _ orders: consuming RingConsumer<Order<Program>>, _ reports: consuming RingProducer<LoopReport>,
        _ ticks: consuming RingProducer<TickRecord>, _ status: consuming BulletinWriter<LoopStatus>,
        _ inputs: LoopInputs
    ) {
        self.orders = orders
        self.reports = reports
        self.ticks = ticks
        self.status = status
        self.inputs = inputs
    }

    /// A report that does not fit is counted by its ring; whoever reads it must not miss that.
    mutating func tell(_ report: LoopReport) { _ = reports.append(report) }
}
