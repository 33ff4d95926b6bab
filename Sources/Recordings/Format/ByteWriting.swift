extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        var rest = value
        for _ in 0..<MemoryLayout<Value>.size {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func append(copying bytes: Span<UInt8>) {
        // SAFETY: the span's memory is only read while the call lasts.
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// A text behind its length in bytes.
    mutating func append(text: String) {
        append(littleEndian: UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    /// Texts by texts, behind their length in bytes, in the order of the keys: the same map is the same bytes.
    mutating func append(texts: [String: String]) {
        var content: [UInt8] = []
        for (key, value) in texts.sorted(by: { $0.key < $1.key }) {
            content.append(text: key)
            content.append(text: value)
        }
        append(littleEndian: UInt32(content.count))
        append(contentsOf: content)
    }

    /// A whole record: its code, the length of what `content` appends, and that.
    mutating func append(record opcode: MCAP.Opcode, _ content: (inout [UInt8]) -> Void) {
        append(opcode.rawValue)
        let place = count
        append(littleEndian: UInt64(0))
        content(&self)
        var length = UInt64(count - place - 8)
        for index in place..<place + 8 {
            self[index] = UInt8(truncatingIfNeeded: length)
            length >>= 8
        }
    }
}
