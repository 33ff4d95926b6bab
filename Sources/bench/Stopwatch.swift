import Glibc

/// Processor time of this thread, which other programs on the machine do not stretch.
enum Stopwatch {
    static func nanoseconds() -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}

/// What many measurements of one thing say together.
struct Spread {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    func quantile(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }

    /// The median with the range from the 5th to the 95th percentile.
    func line(_ unit: String) -> String {
        let figures = [0.5, 0.05, 0.95].map { share in
            let scaled = (quantile(share) * 10).rounded() / 10
            return "\(scaled)"
        }
        return "\(figures[0]) \(unit) (5 % … 95 %: \(figures[1]) … \(figures[2]))"
    }
}
