/// A moment of the calendar, in milliseconds since 1970 began in UTC. Leap seconds do not count, as in POSIX.
public struct WallInstant: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (left: WallInstant, right: WallInstant) -> Bool { left.milliseconds < right.milliseconds }

    public static let day: Int64 = 86_400_000

    /// The moment so many milliseconds later; stays at the ends of what can be counted.
    public func advanced(by span: Int64) -> WallInstant {
        let (sum, isOver) = milliseconds.addingReportingOverflow(span)
        return WallInstant(milliseconds: isOver ? (span < 0 ? .min : .max) : sum)
    }
}

extension WallInstant: CustomStringConvertible {
    /// As RFC 3339 in UTC: `2026-11-27T05:51:09.250Z`. Years before 0 and after 9999 are only a count.
    public var description: String {
        let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: WallInstant.day)
        let inDay = rest < 0 ? rest + WallInstant.day : rest
        let date = Calendar(daysSince1970: rest < 0 ? days - 1 : days)
        guard (0...9_999).contains(date.year) else { return "\(milliseconds) ms" }
        let parts = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60].map { padded($0, 2) }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + "\(parts.joined(separator: ":")).\(padded(inDay % 1_000, 3))Z"
    }

    /// Reads what `description` writes, with or without the milliseconds; nil for anything else.
    public init?(text: String) {
        let bytes = Array(text.utf8)
        let shape = bytes.map { (0x30...0x39).contains($0) ? UInt8(ascii: "0") : $0 }
        let shapes = ["0000-00-00T00:00:00Z", "0000-00-00T00:00:00.000Z"]
        guard shapes.contains(String(decoding: shape, as: UTF8.self)) else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) } }
        let date = Calendar(year: number(0..<4), month: number(5..<7), day: number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard date.exists, hour < 24, minute < 60, second < 60 else { return nil }
        let fraction = bytes.count > 20 ? number(20..<23) : 0
        let inDay = ((hour * 60 + minute) * 60 + second) * 1_000 + fraction
        milliseconds = date.daysSince1970 * WallInstant.day + inDay
    }
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// A day of the Gregorian calendar. Years begin in March here, so that the leap day is the last one.
private struct Calendar: Equatable {
    let year: Int64
    let month: Int64
    let day: Int64

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    init(daysSince1970 days: Int64) {
        // 0000-03-01 is 719468 days before 1970-01-01; the calendar repeats every 400 years, which are 146097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let inEra = shifted - era * 146_097
        let yearOfEra = (inEra - inEra / 1_460 + inEra / 36_524 - inEra / 146_096) / 365
        let inYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * inYear + 2) / 153
        day = inYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince1970: Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let inYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + inYear - 719_468
    }

    /// The 31st of April is counted as a day and comes back as another one.
    var exists: Bool { (1...12).contains(month) && day >= 1 && Calendar(daysSince1970: daysSince1970) == self }
}
