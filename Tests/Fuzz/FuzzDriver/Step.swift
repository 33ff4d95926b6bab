/// One step of an input that is read as a script: a byte says how many bytes follow and whether they go over the wire as
/// they are or as the content of a sound packet. Without the second way a checksum would hide what lies behind it.
public struct Step {
    public let isPacket: Bool
    public let content: [UInt8]

    public static func all(in input: [UInt8]) -> [Step] {
        var steps: [Step] = []
        var rest = input[...]
        while let head = rest.popFirst() {
            let content = rest.prefix(Int(head >> 1))
            rest = rest.dropFirst(content.count)
            steps.append(Step(isPacket: head & 1 == 1, content: Array(content)))
        }
        return steps
    }
}

/// The same bytes, cut at places that depend on the bytes themselves, so that an input is always cut alike.
public func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    var size = 1
    while !rest.isEmpty {
        pieces.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
        size = 1 + (size * 5 + Int(pieces.last?.last ?? 0)) % 13
    }
    return pieces
}

/// How many bytes without a meaning go before the steps: with them a short input reaches the end of a parser's storage,
/// where what is not understood yet has to move.
public func lead(of input: [UInt8]) -> Int { Int(input.first ?? 0) * 5 }
