internal import Expressions

/// How the results of a program change with the unknowns, when it is known how its states do: for every result through
/// all states that it depends on, and with the parameters directly.
///
/// Four windows at a time, and nothing where a derivative is zero whatever the numbers: with many substeps this is most
/// of what a fit costs.
struct ChainRule: Sendable {
    typealias Four = SIMD4<Double>

    let rows: Int
    let states: Int
    let parameters: Int
    /// Row by row: the places of the states, and of the parameters, by which a derivative is not always zero.
    private let through: [[Int]]
    private let direct: [[Int]]

    /// - Parameter program: its values first, then the derivatives of each by all states and the free parameters.
    init(_ program: Program, rows: Int, states: Int, parameters: Int) {
        (self.rows, self.states, self.parameters) = (rows, states, parameters)
        func filled(_ row: Int, _ places: Range<Int>) -> [Int] {
            places.filter { program.constant(rows + row * (states + parameters) + $0) != 0 }
        }
        through = (0..<rows).map { filled($0, 0..<states) }
        direct = (0..<rows).map { row in filled(row, states..<states + parameters).map { $0 - states } }
    }

    var columns: Int { parameters + states }

    /// Whether a result depends on nothing that is unknown.
    func isFixed(_ row: Int) -> Bool { through[row].isEmpty && direct[row].isEmpty }

    /// Room for the change of so many numbers of each window with each unknown; `spacing` is a multiple of four.
    func room(_ numbers: Int, spacing: Int) -> [Four] {
        [Four](repeating: Four(repeating: 0), count: numbers * columns * spacing / 4)
    }

    /// Four by four windows, then number by number, then unknown by unknown.
    func apply(_ results: Span<Double>, spacing: Int, slopes: Span<Four>, into target: inout MutableSpan<Four>) {
        let (blocks, columns) = (spacing / 4, columns)
        guard results.count >= rows * (1 + columns) * spacing, slopes.count >= blocks * states * columns,
            target.count >= blocks * rows * columns
        else { preconditionFailure("\(slopes.count) slopes become \(target.count)") }
        for block in 0..<blocks {
            for row in 0..<rows {
                let derivatives = (rows + row * columns) * spacing + 4 * block
                let place = (block * rows + row) * columns
                for column in 0..<columns { target[place + column] = Four(repeating: 0) }
                for column in direct[row] {
                    target[place + column] = results.four(at: derivatives + (states + column) * spacing)
                }
                for state in through[row] {
                    let factor = results.four(at: derivatives + state * spacing)
                    let slope = (block * states + state) * columns
                    for column in 0..<columns {
                        // SAFETY: both are inside, by the check above.
                        unsafe target[unchecked: place &+ column] += factor * slopes[unchecked: slope &+ column]
                    }
                }
            }
        }
    }
}

extension Span<Double> {
    /// Four neighbours.
    func four(at place: Int) -> SIMD4<Double> {
        SIMD4(self[place], self[place + 1], self[place + 2], self[place + 3])
    }
}
