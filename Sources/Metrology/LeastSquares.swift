internal import Expressions

/// Numbers that are sums of known columns with unknown weights, found by least squares.
struct LeastSquares: Equatable, Sendable {
    let weights: [Measured]
    /// Root of the mean square of what is left.
    let residual: Double

    /// Nil when there are fewer rows than columns and one, or columns that say the same.
    init?(_ rows: [[Double]], _ values: [Double]) {
        guard let width = rows.first?.count, rows.count > width, rows.count == values.count else { return nil }
        var normal = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
        var right = [Double](repeating: 0, count: width)
        for (row, value) in zip(rows, values) {
            for place in 0..<width {
                right[place] += row[place] * value
                for other in 0..<width { normal[place][other] += row[place] * row[other] }
            }
        }
        guard let inverse = Self.inverse(normal) else { return nil }
        let found = inverse.map { row in zip(row, right).reduce(0) { $0 + $1.0 * $1.1 } }
        let squares = zip(rows, values).reduce(0.0) { sum, pair in
            let rest = pair.1 - zip(pair.0, found).reduce(0) { $0 + $1.0 * $1.1 }
            return sum + rest * rest
        }
        let variance = squares / Double(rows.count - width)
        weights = found.enumerated().map { place, value in
            Measured(value, uncertainty: 2 * (variance * max(inverse[place][place], 0)).squareRoot())
        }
        residual = (squares / Double(rows.count)).squareRoot()
    }

    /// By elimination with the largest number of each column in front.
    private static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
        let size = matrix.count
        var rows = matrix.enumerated().map { place, row in row + (0..<size).map { $0 == place ? 1.0 : 0 } }
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-12 * abs(matrix[column][column]), rows[pivot][column] != 0
            else { return nil }
            rows.swapAt(column, pivot)
            let scale = rows[column][column]
            for place in rows[column].indices { rows[column][place] /= scale }
            for row in 0..<size where row != column {
                let share = rows[row][column]
                for place in rows[row].indices { rows[row][place] -= share * rows[column][place] }
            }
        }
        return rows.map { Array($0[size...]) }
    }
}

/// The middle of a list; nil of none.
func median(_ values: [Double]) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Sine and cosine, with the same bits on every machine.
func trigonometry(_ angle: Double) -> (sine: Double, cosine: Double) {
    let both = DoubleLanes(repeating: angle).sineAndCosine
    return (both.sine[0], both.cosine[0])
}
