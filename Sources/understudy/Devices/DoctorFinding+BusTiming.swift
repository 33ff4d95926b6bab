import Actuators
import Ports

// Where the time of the transactions went, and how many of them went well.

extension DeviceScan.Found {
    /// nil when nobody answered there.
    var timingFinding: DoctorFinding? {
        guard let whole = timing.whole.duration(0.5), let late = timing.whole.duration(0.99) else { return nil }
        let parts = [
            (timing.handOver, "until the system had the request"), (timing.wire, "on the wire"),
            (timing.wait, "until the answer began"), (timing.receive, "until it was whole"),
        ].compactMap { part, what in part.duration(0.5).flatMap { $0 > .zero ? "\($0.text) \(what)" : nil } }
        let place = rate.map { " at \($0)" } ?? ""
        let books =
            "\(counters.retries) asked again, \(counters.damaged) damaged, \(counters.unexpected) unexpected, "
            + "\(counters.lateBytes) bytes late"
        return DoctorFinding(
            "bus timing", .ok,
            "\(timing.whole.count) answers\(place), half of them within \(whole.text), 99 of 100 within \(late.text). "
                + "Half took at most \(parts.joined(separator: ", ")). \(books)",
            because: "a control loop can be no quicker than its bus")
    }
}

extension LatencyHistogram {
    fileprivate func duration(_ share: Double) -> Duration? { quantile(share).map { .nanoseconds($0) } }
}
