/// A small square matrix of numbers, row by row.
struct SquareMatrix: Equatable, Sendable {
    let size: Int
    private var numbers: [Double]

    init(_ size: Int) {
        self.size = size
        numbers = [Double](repeating: 0, count: size * size)
    }

    init(diagonal: [Double]) {
        self.init(diagonal.count)
        for place in diagonal.indices { self[place, place] = diagonal[place] }
    }

    subscript(row: Int, column: Int) -> Double {
        get { numbers[row * size + column] }
        set { numbers[row * size + column] = newValue }
    }

    var diagonal: [Double] { (0..<size).map { self[$0, $0] } }

    var isFinite: Bool { numbers.allSatisfy(\.isFinite) }

    static func + (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix { combined(left, right, +) }

    static func - (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix { combined(left, right, -) }

    static func * (left: SquareMatrix, right: SquareMatrix) -> SquareMatrix {
        var product = SquareMatrix(left.size)
        for row in 0..<left.size {
            for column in 0..<left.size {
                for inner in 0..<left.size { product[row, column] += left[row, inner] * right[inner, column] }
            }
        }
        return product
    }

    private static func combined(
        _ left: SquareMatrix, _ right: SquareMatrix, _ combine: (Double, Double) -> Double
    ) -> SquareMatrix {
        var result = left
        for place in result.numbers.indices {
            result.numbers[place] = combine(left.numbers[place], right.numbers[place])
        }
        return result
    }

    /// Adds `weight` times the outer product of a list with itself.
    mutating func add(outer list: [Double], weight: Double = 1) {
        for row in 0..<size {
            for column in 0..<size { self[row, column] += weight * list[row] * list[column] }
        }
    }

    /// This matrix with every row and every column multiplied by its factor.
    func scaled(by factors: [Double]) -> SquareMatrix {
        var result = self
        for row in 0..<size {
            for column in 0..<size { result[row, column] *= factors[row] * factors[column] }
        }
        return result
    }
}

/// The lower triangle whose product with its own transpose is a symmetric, positive matrix.
struct Cholesky: Sendable {
    private let lower: SquareMatrix

    /// nil when the matrix is not positive: it says nothing about some direction.
    init?(_ matrix: SquareMatrix) {
        var lower = SquareMatrix(matrix.size)
        for column in 0..<matrix.size {
            for row in column..<matrix.size {
                var rest = matrix[row, column]
                for inner in 0..<column { rest -= lower[row, inner] * lower[column, inner] }
                if row > column {
                    lower[row, column] = rest / lower[column, column]
                } else {
                    // A diagonal that has lost all its digits is no better than a negative one.
                    guard rest > 1e-14 * matrix[row, row], rest.isFinite else { return nil }
                    lower[row, row] = rest.squareRoot()
                }
            }
        }
        self.lower = lower
    }

    func solve(_ right: [Double]) -> [Double] {
        var list = right
        for row in 0..<lower.size {
            for column in 0..<row { list[row] -= lower[row, column] * list[column] }
            list[row] /= lower[row, row]
        }
        for row in (0..<lower.size).reversed() {
            for column in row + 1..<lower.size { list[row] -= lower[column, row] * list[column] }
            list[row] /= lower[row, row]
        }
        return list
    }

    /// Of the matrix itself.
    var logDeterminant: Double { 2 * lower.diagonal.reduce(0) { $0 + naturalLogarithm($1) } }

    var inverse: SquareMatrix {
        var inverse = SquareMatrix(lower.size)
        for column in 0..<lower.size {
            var unit = [Double](repeating: 0, count: lower.size)
            unit[column] = 1
            for (row, number) in solve(unit).enumerated() { inverse[row, column] = number }
        }
        return inverse
    }
}

/// The axes of a symmetric matrix, found by turning two of them at a time until none is left to turn.
struct Eigenvectors: Sendable {
    /// From the smallest to the largest.
    let values: [Double]
    /// Each of length one, in the order of the values.
    let vectors: [[Double]]

    init(_ matrix: SquareMatrix) {
        var rest = matrix
        var axes = SquareMatrix(diagonal: [Double](repeating: 1, count: matrix.size))
        for _ in 0..<60 where Self.turn(&rest, &axes) { continue }
        let order = (0..<matrix.size).sorted { rest[$0, $0] < rest[$1, $1] }
        values = order.map { rest[$0, $0] }
        vectors = order.map { column in (0..<matrix.size).map { axes[$0, column] } }
    }

    /// One turn for every pair; false when there was nothing to turn.
    private static func turn(_ rest: inout SquareMatrix, _ axes: inout SquareMatrix) -> Bool {
        var hasTurned = false
        for first in 0..<rest.size {
            for second in first + 1..<rest.size {
                let mixed = rest[first, second]
                let least = 1e-15 * (abs(rest[first, first]) + abs(rest[second, second]))
                guard abs(mixed) > least, mixed != 0 else { continue }
                hasTurned = true
                let slope = (rest[second, second] - rest[first, first]) / (2 * mixed)
                let tangent = (slope < 0 ? -1 : 1) / (abs(slope) + (slope * slope + 1).squareRoot())
                let cosine = 1 / (tangent * tangent + 1).squareRoot()
                turn(&rest, &axes, first, second, cosine, cosine * tangent)
            }
        }
        return hasTurned
    }

    private static func turn(
        _ rest: inout SquareMatrix, _ axes: inout SquareMatrix, _ first: Int, _ second: Int, _ cosine: Double,
        _ sine: Double
    ) {
        for row in 0..<rest.size {
            let (left, right) = (rest[row, first], rest[row, second])
            rest[row, first] = cosine * left - sine * right
            rest[row, second] = sine * left + cosine * right
            let (old, other) = (axes[row, first], axes[row, second])
            axes[row, first] = cosine * old - sine * other
            axes[row, second] = sine * old + cosine * other
        }
        for column in 0..<rest.size {
            let (upper, lower) = (rest[first, column], rest[second, column])
            rest[first, column] = cosine * upper - sine * lower
            rest[second, column] = sine * upper + cosine * lower
        }
    }
}
