extension BusInstant {
    static func + (instant: BusInstant, nanoseconds: Int64) -> BusInstant {
        BusInstant(nanoseconds: instant.nanoseconds + nanoseconds)
    }

    static func - (left: BusInstant, right: BusInstant) -> Int64 { left.nanoseconds - right.nanoseconds }

    static let never = BusInstant(nanoseconds: .max)
}

let nanosecondsPerMillisecond: Int64 = 1_000_000
let nanosecondsPerSecond: Int64 = 1_000_000_000
