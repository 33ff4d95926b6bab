/// An array of `Float` as a file of NumPy's, version 1.0, by rows. Doubles are read too, and rounded.
struct NumPyArray: Equatable {
    let shape: [Int]
    let values: [Float]

    private static let mark: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

    init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }

    var bytes: [UInt8] {
        let sizes = shape.map { "\($0)" }.joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
        // The header ends with a line break, and the numbers begin at a multiple of 64.
        header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
        var bytes = Self.mark + [1, 0]
        bytes.append(number: UInt16(header.utf8.count))
        bytes += Array(header.utf8)
        for value in values { bytes.append(number: value.bitPattern) }
        return bytes
    }

    /// nil for everything but numbers of four or eight bytes, by rows.
    init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Self.mark + [1, 0]), bytes.count >= 10 else { return nil }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count else { return nil }
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        guard header.contains("'fortran_order': False"), let shape = Self.shape(in: header) else { return nil }
        var count = 1
        for size in shape {
            let (product, isOver) = count.multipliedReportingOverflow(by: size)
            guard size >= 0, !isOver, product <= bytes.count else { return nil }
            count = product
        }
        let isDouble = header.contains("'descr': '<f8'")
        guard isDouble || header.contains("'descr': '<f4'"), bytes.count == start + count * (isDouble ? 8 : 4) else {
            return nil
        }
        var reader = LittleEndianReader(bytes: bytes, place: start)
        var values: [Float] = []
        for _ in 0..<count {
            do throws(PolicyError) {
                values.append(
                    isDouble
                        ? Float(Double(bitPattern: try reader.number())) : Float(bitPattern: try reader.number()))
            } catch {
                return nil
            }
        }
        self.init(shape: shape, values: values)
    }

    /// What stands between the parentheses; a number alone, without shape, is one of a single element.
    private static func shape(in header: String) -> [Int]? {
        guard let start = header.firstRange(of: "'shape': (")?.upperBound,
            let end = header[start...].firstIndex(of: ")")
        else { return nil }
        let parts = header[start..<end].split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
        let sizes = parts.compactMap { Int($0) }
        guard sizes.count == parts.count else { return nil }
        return sizes.isEmpty ? [1] : sizes
    }
}
