/// A picture of dots, eight in a letter of a terminal; a dot is about as wide as it is high.
struct BrailleCanvas {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    /// Who drew into a cell last; nil for what belongs to nobody.
    private var owners: [Int?]

    init(columns: Int, rows: Int) {
        self.columns = max(columns, 1)
        self.rows = max(rows, 1)
        dots = Array(repeating: 0, count: self.columns * self.rows)
        owners = Array(repeating: nil, count: self.columns * self.rows)
    }

    var width: Int { columns * 2 }
    var height: Int { rows * 4 }

    /// The bits of a cell, from its upper left dot down and then to the right.
    private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Dots outside of the picture are left out.
    mutating func dot(x: Int, y: Int, of owner: Int?) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let cell = y / 4 * columns + x / 2
        dots[cell] |= Self.bits[x % 2][y % 4]
        owners[cell] = owner
    }

    mutating func line(from: (x: Int, y: Int), to: (x: Int, y: Int), of owner: Int?) {
        let steps = max(abs(to.x - from.x), abs(to.y - from.y), 1)
        // Far outside there is nothing to draw, and no end of it.
        guard steps < 10_000 else { return }
        for step in 0...steps {
            let x = from.x + (2 * step * (to.x - from.x) + steps) / (2 * steps)
            let y = from.y + (2 * step * (to.y - from.y) + steps) / (2 * steps)
            dot(x: x, y: y, of: owner)
        }
    }

    /// A small ring, so that a joint shows where it turns.
    mutating func ring(x: Int, y: Int, of owner: Int?) {
        for (across, down) in [(-1, 0), (1, 0), (0, -1), (0, 1)] { dot(x: x + across, y: y + down, of: owner) }
    }

    func lines(_ style: Style) -> [String] {
        (0..<rows).map { row in
            var line = ""
            for column in 0..<columns {
                let cell = row * columns + column
                let letter = dots[cell] == 0 ? " " : String(UnicodeScalar(0x2800 + UInt16(dots[cell])) ?? " ")
                line += dots[cell] == 0 ? letter : owners[cell].map { style.paint(letter, as: $0) } ?? letter
            }
            return line
        }
    }
}
