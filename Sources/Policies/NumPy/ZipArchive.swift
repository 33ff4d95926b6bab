/// Archives whose entries are stored as they are, which is how NumPy writes them.
enum ZipArchive {
    private static let localMark: UInt32 = 0x0403_4B50
    private static let directoryMark: UInt32 = 0x0201_4B50
    private static let endMark: UInt32 = 0x0605_4B50
    private static let sizeOfEnd = 22
    /// 1980-01-01, the first day that the format knows: equal policies are equal files.
    private static let date: UInt16 = 0x21

    static func bytes(of entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let place = UInt32(archive.count)
            archive.append(number: localMark)
            appendFacts(of: entry, to: &archive)
            archive += Array(entry.name.utf8) + entry.bytes
            directory.append(number: directoryMark)
            directory.append(number: UInt16(20))
            appendFacts(of: entry, to: &directory)
            // No comment, first disk, no attributes.
            for _ in 0..<3 { directory.append(number: UInt16(0)) }
            directory.append(number: UInt32(0))
            directory.append(number: place)
            directory += Array(entry.name.utf8)
        }
        let start = UInt32(archive.count)
        archive += directory
        archive.append(number: endMark)
        for _ in 0..<2 { archive.append(number: UInt16(0)) }
        for _ in 0..<2 { archive.append(number: UInt16(entries.count)) }
        archive.append(number: UInt32(directory.count))
        archive.append(number: start)
        archive.append(number: UInt16(0))
        return archive
    }

    /// What the local header and the directory say alike.
    private static func appendFacts(of entry: (name: String, bytes: [UInt8]), to bytes: inout [UInt8]) {
        // Version 2.0, no flags, stored, midnight.
        for number in [20, 0, 0, 0, date] as [UInt16] { bytes.append(number: number) }
        bytes.append(number: CyclicChecksum.of(entry.bytes[...]))
        for _ in 0..<2 { bytes.append(number: UInt32(entry.bytes.count)) }
        bytes.append(number: UInt16(entry.name.utf8.count))
        bytes.append(number: UInt16(0))
    }

    /// All entries by their names. The directory at the end is believed, as every reader of the format does.
    static func entries(of archive: [UInt8]) throws(PolicyError) -> [String: [UInt8]] {
        guard archive.count >= sizeOfEnd else { throw .notAnArchive }
        var end = LittleEndianReader(bytes: archive, place: archive.count - sizeOfEnd)
        guard try end.number() == endMark else { throw .notAnArchive }
        end.place += 6
        let count: UInt16 = try end.number()
        end.place += 4
        let start: UInt32 = try end.number()
        var directory = LittleEndianReader(bytes: archive, place: Int(start))
        var entries: [String: [UInt8]] = [:]
        for _ in 0..<count {
            let (name, bytes) = try entry(&directory)
            entries[name] = bytes
        }
        return entries
    }

    private static func entry(_ directory: inout LittleEndianReader) throws(PolicyError) -> (String, [UInt8]) {
        guard try directory.number() == directoryMark else { throw .notAnArchive }
        directory.place += 6
        let method: UInt16 = try directory.number()
        directory.place += 4
        let checksum: UInt32 = try directory.number()
        let stored: UInt32 = try directory.number()
        let size: UInt32 = try directory.number()
        let nameLength: UInt16 = try directory.number()
        let extraLength: UInt16 = try directory.number()
        let commentLength: UInt16 = try directory.number()
        directory.place += 8
        let place: UInt32 = try directory.number()
        let archive = directory.bytes
        guard directory.place + Int(nameLength) <= archive.count else { throw .notAnArchive }
        let name = String(decoding: archive[directory.place..<(directory.place + Int(nameLength))], as: UTF8.self)
        directory.place += Int(nameLength) + Int(extraLength) + Int(commentLength)
        guard method == 0, stored == size else { throw .unreadableEntry(name) }
        var local = LittleEndianReader(bytes: archive, place: Int(place))
        guard try local.number() == localMark else { throw .damagedEntry(name) }
        local.place += 22
        let localName: UInt16 = try local.number()
        let localExtra: UInt16 = try local.number()
        let first = local.place + Int(localName) + Int(localExtra)
        guard first + Int(size) <= archive.count else { throw .damagedEntry(name) }
        let bytes = archive[first..<(first + Int(size))]
        guard CyclicChecksum.of(bytes) == checksum else { throw .damagedEntry(name) }
        return (name, Array(bytes))
    }
}

/// The CRC-32 of zip files.
enum CyclicChecksum {
    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        return ~remainder
    }
}
