/// Sums over vectors and small systems of equations, in a fixed order and so with fixed bits.
enum Vectors {
    static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for place in left.indices { sum += left[place] * right[place] }
        return sum
    }

    static func mean(_ vectors: [[Double]]) -> [Double] {
        guard let first = vectors.first else { return [] }
        var sum = [Double](repeating: 0, count: first.count)
        for vector in vectors { add(vector, to: &sum) }
        return scaled(sum, by: 1 / Double(vectors.count))
    }

    static func add(_ vector: [Double], times factor: Double = 1, to sum: inout [Double]) {
        for place in sum.indices { sum[place] += factor * vector[place] }
    }

    static func scaled(_ vector: [Double], by factor: Double) -> [Double] { vector.map { $0 * factor } }

    static func difference(_ left: [Double], _ right: [Double]) -> [Double] {
        left.indices.map { left[$0] - right[$0] }
    }

    /// The sum of the variances of all components of one vector, from so many of them.
    static func spread(_ vectors: [[Double]]) -> Double {
        guard vectors.count > 1 else { return 0 }
        let centre = mean(vectors)
        let sum = vectors.reduce(0) { sum, vector in
            let rest = difference(vector, centre)
            return sum + dot(rest, rest)
        }
        return sum / Double(vectors.count - 1)
    }

    /// How much of an estimate's square is not chance: it is too large by the variance (James and Stein, 1961). From 0 to 1.
    static func certainty(of estimate: [Double], variance: Double) -> Double {
        let square = dot(estimate, estimate)
        return square > 0 ? max(0, 1 - variance / square) : 0
    }

    /// Solves a symmetric system by Cholesky's method; nil when the matrix is not positive.
    static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var lower = matrix
        for row in lower.indices {
            for column in 0...row {
                var sum = matrix[row][column]
                for place in 0..<column { sum -= lower[row][place] * lower[column][place] }
                if row == column {
                    guard sum > 0, sum.isFinite else { return nil }
                    lower[row][row] = sum.squareRoot()
                } else {
                    lower[row][column] = sum / lower[column][column]
                }
            }
        }
        return back(lower, right)
    }

    private static func back(_ lower: [[Double]], _ right: [Double]) -> [Double] {
        var solution = right
        for row in lower.indices {
            for place in 0..<row { solution[row] -= lower[row][place] * solution[place] }
            solution[row] /= lower[row][row]
        }
        for row in lower.indices.reversed() {
            for place in (row + 1)..<lower.count { solution[row] -= lower[place][row] * solution[place] }
            solution[row] /= lower[row][row]
        }
        return solution
    }
}
