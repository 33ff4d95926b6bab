public import Ports
import Quantities

/// What is known of a bus when somebody asks why it is slow or why it fails.
public struct BusEvidence: Sendable {
    /// One device's share of it.
    public struct Device: Equatable, Sendable {
        /// The number on the bus.
        public let id: UInt8
        /// Requests that it should have answered.
        public let asked: UInt64
        /// Those of them that brought no intact answer.
        public let failures: UInt64
        /// How often an answer that several devices share was first broken in this one's part.
        public let chainBreaks: UInt64

        public init(id: UInt8, asked: UInt64, failures: UInt64, chainBreaks: UInt64 = 0) {
            self.id = id
            self.asked = asked
            self.failures = failures
            self.chainBreaks = chainBreaks
        }

        var share: Double { asked > 0 ? Double(failures) / Double(asked) : 0 }
    }

    public let counters: BusCounters
    public let timing: BusTiming
    /// In the order in which the wire reaches them.
    public let devices: [Device]
    public let rate: BaudRate?
    /// The longest that a device is set to wait before it answers; nil when nobody has asked the devices.
    public let returnDelay: Duration?
    /// What the adapter's driver says; nil when it has no such timer.
    public let latencyTimer: Duration?

    public init(
        _ counters: BusCounters, _ timing: BusTiming, devices: [Device], rate: BaudRate? = nil,
        returnDelay: Duration? = nil, latencyTimer: Duration? = nil
    ) {
        self.counters = counters
        self.timing = timing
        self.devices = devices
        self.rate = rate
        self.returnDelay = returnDelay
        self.latencyTimer = latencyTimer
    }

    /// Of a bus whose joints have these numbers, each of which is asked in every transaction.
    public init(
        _ counters: BusCounters, _ timing: BusTiming, ids: [UInt8], rate: BaudRate? = nil,
        returnDelay: Duration? = nil, latencyTimer: Duration? = nil
    ) {
        let devices = ids.enumerated().compactMap { place, id -> Device? in
            guard let joint = UInt8(exactly: place).flatMap(JointIndex.init) else { return nil }
            return Device(
                id: id, asked: counters.transactions, failures: counters.failures[joint],
                chainBreaks: counters.chainBreaks[joint])
        }
        self.init(
            counters, timing, devices: devices, rate: rate, returnDelay: returnDelay, latencyTimer: latencyTimer)
    }
}
