/// What episodes were worth, as a picture of dots: one column of dots an episode as long as they fit.
struct LearnPlot {
    let worths: [Double]
    var columns = 64
    var rows = 7

    func lines(_ style: Style) -> [String] {
        let finite = worths.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return [] }
        var canvas = BrailleCanvas(columns: columns, rows: rows)
        let (across, up) = (Double(canvas.width - 1), Double(canvas.height - 1))
        let span = max(high - low, 1e-9)
        let most = Double(max(worths.count - 1, canvas.width / 2 - 1, 1))
        var last: (x: Int, y: Int)?
        for (number, worth) in worths.enumerated() where worth.isFinite {
            let x = Int((Double(number) / most * across).rounded())
            let y = Int(((high - worth) / span * up).rounded())
            canvas.line(from: last ?? (x, y), to: (x, y), of: 0)
            last = (x, y)
        }
        return canvas.lines(style).enumerated().map { row, line in
            let label = row == 0 ? decimal(high, 2) : row == rows - 1 ? decimal(low, 2) : ""
            return String(repeating: " ", count: max(0, 8 - label.count)) + label + " " + line
        }
    }
}
