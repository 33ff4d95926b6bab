/// The lines of a metal's own log that tell of faults and states. They are many, so only what is needed is read.
public struct MetalLog: Sequence, IteratorProtocol {
    public struct Line: Sendable {
        /// In seconds.
        public let time: Double
        public let kind: Kind
        /// Of a state: whether a motor is given anything to do, and how fast each joint moves, in radians a second.
        public let isPulling: Bool
        public let speeds: [Float]
    }

    public enum Kind: Sendable {
        case state
        /// A fault begins.
        case beginning
        /// Somebody has said something to the robot.
        case heard
    }

    private var rest: ArraySlice<UInt8>
    private static let first = Array("{\"t\":".utf8)
    private static let kinds: [([UInt8], Kind)] = [
        (Array("\"sta".utf8), .state), (Array("\"beg".utf8), .beginning), (Array("\"in\"".utf8), .heard),
    ]

    public init(_ bytes: [UInt8]) { rest = bytes[...] }

    public mutating func next() -> Line? {
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[Swift.min(end + 1, rest.endIndex)...]
            if let line = Self.read(line) { return line }
        }
        return nil
    }

    private static let drive = Array("\"drive\":".utf8)

    private static func place(of word: [UInt8], in line: ArraySlice<UInt8>) -> Int? {
        line.indices.dropLast(word.count).last { line[$0] == word[0] && line[$0...].starts(with: word) }
    }

    /// What stands between the marks of JSON.
    private static func words(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split(whereSeparator: marks.contains)
    }

    private static let marks = Array("[],:{}\"".utf8)

    /// Bytes on the wire are the most lines, and are passed over by their ninth to last character or so.
    private static func read(_ line: ArraySlice<UInt8>) -> Line? {
        guard line.starts(with: first), let comma = line.firstIndex(of: 0x2C) else { return nil }
        let word = line[(comma + 1)...].prefix(4)
        guard let kind = kinds.first(where: { word.elementsEqual($0.0) })?.1 else { return nil }
        let nanoseconds = Int64(String(decoding: line[(line.startIndex + 5)..<comma], as: UTF8.self)) ?? 0
        let time = Double(nanoseconds) / 1e9
        guard kind == .state else { return Line(time: time, kind: kind, isPulling: false, speeds: []) }
        guard let drives = place(of: drive, in: line) else { return nil }
        let numbers = words(of: line[comma..<drives]).compactMap { Float(String(decoding: $0, as: UTF8.self)) }
        let speeds = stride(from: 1, to: numbers.count, by: 5).map { numbers[$0] }
        // What a motor is given stands behind a letter.
        let isPulling = words(of: line[drives...]).contains { word in
            abs(Float(String(decoding: word.dropFirst(), as: UTF8.self)) ?? 0) > 0.002
        }
        return Line(time: time, kind: .state, isPulling: isPulling, speeds: speeds)
    }
}
