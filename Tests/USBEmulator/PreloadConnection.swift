import Glibc

/// The dialogue with the preload library about one open file: three words of 64 bits each way.
struct PreloadConnection: Sendable {
    /// What the program wants of the file.
    enum Call: Equatable {
        case ioctl(number: UInt32, argument: UInt64)
        /// Reading and writing, which the file behind does itself.
        case other
    }

    private enum Word {
        static let ioctl: UInt64 = 1
        static let done: UInt64 = 3
        static let readMemory: UInt64 = 5
        static let writeMemory: UInt64 = 6
        static let runForReal = -100
    }

    let descriptor: Int32

    /// nil when the program has closed the file.
    func next() -> Call? {
        guard let words = receive(24) else { return nil }
        guard Self.word(words, at: 0) == Word.ioctl else { return .other }
        return .ioctl(number: UInt32(truncatingIfNeeded: Self.word(words, at: 8)), argument: Self.word(words, at: 16))
    }

    func answer(_ result: Int = 0, errno code: Int32 = 0) {
        send([Word.done, UInt64(bitPattern: Int64(result)), UInt64(code)])
    }

    func fail(_ code: Int32) { answer(-1, errno: code) }

    func letItRun() { answer(Word.runForReal) }

    /// Bytes of the program's memory.
    func read(_ count: Int, at address: UInt64) -> [UInt8] {
        guard count > 0, address != 0 else { return [] }
        send([Word.readMemory, address, UInt64(count)])
        return receive(count) ?? [UInt8](repeating: 0, count: count)
    }

    func write(_ bytes: [UInt8], at address: UInt64) {
        guard !bytes.isEmpty else { return }
        send([Word.writeMemory, address, UInt64(bytes.count)], bytes)
    }

    func write<Number: FixedWidthInteger>(_ number: Number, at address: UInt64) {
        write((0..<MemoryLayout<Number>.size).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }, at: address)
    }

    static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 { number(bytes[offset..<offset + 8]) }
    static func half(_ bytes: [UInt8], at offset: Int) -> UInt32 { UInt32(number(bytes[offset..<offset + 4])) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func send(_ words: [UInt64], _ rest: [UInt8] = []) {
        let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } } + rest
        // SAFETY: the bytes are only read. A program that has died is seen by the next `receive`.
        _ = unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private func receive(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: at most `count` bytes are written to memory that outlives the call.
        let received = unsafe recv(descriptor, &bytes, count, Int32(MSG_WAITALL))
        return received == count ? bytes : nil
    }
}
