/// A range of numbers on a side of a chart, with round numbers to write beside it.
struct Axis: Equatable {
    let low: Double
    let high: Double
    /// The round numbers inside.
    let marks: [Double]

    /// Holds all values that are numbers; of none, 0 to 1. A range of one number gets room on both sides.
    init(of values: some Sequence<Double>, marks wanted: Int, isTight: Bool = false) {
        var ends: (Double, Double)?
        for value in values where value.isFinite {
            ends = ends.map { (min($0.0, value), max($0.1, value)) } ?? (value, value)
        }
        var (low, high) = ends ?? (0, 1)
        if high - low <= max(low.magnitude, high.magnitude) * 1e-9 {
            let room = max(low.magnitude * 0.1, 1e-6)
            (low, high) = (low - room, high + room)
        } else if !isTight {
            let room = (high - low) * 0.04
            (low, high) = (low - room, high + room)
        }
        self.low = low
        self.high = high
        marks = Axis.roundNumbers(low, high, wanted)
    }

    /// Where a value lies between the ends: 0 to 1.
    func share(of value: Double) -> Double { (value - low) / (high - low) }

    private static func roundNumbers(_ low: Double, _ high: Double, _ wanted: Int) -> [Double] {
        var step = 1.0
        let rough = (high - low) / Double(max(1, wanted))
        while step > rough { step /= 10 }
        while step * 10 <= rough { step *= 10 }
        if step * 5 <= rough { step *= 5 } else if step * 2 <= rough { step *= 2 }
        let first = (low / step).rounded(.up)
        let last = (high / step).rounded(.down)
        guard last >= first, last - first < 100 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// A mark as it is written: as few digits as tell it from its neighbours.
    func label(_ mark: Double) -> String {
        let step = marks.count > 1 ? marks[1] - marks[0] : high - low
        return Axis.text(mark, upTo: step)
    }

    /// A number, rounded to the last digit that a step of this size needs.
    static func text(_ number: Double, upTo step: Double) -> String {
        var (scale, digits) = (1.0, 0)
        while step * scale < 0.99, digits < 9 { (scale, digits) = (scale * 10, digits + 1) }
        let whole = (number.magnitude * scale).rounded()
        guard whole < 1e15 else { return "\(number)" }
        let sign = number < 0 && whole > 0 ? "−" : ""
        guard digits > 0 else { return "\(sign)\(Int(whole))" }
        let text = "\(Int(whole))"
        let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }
}
