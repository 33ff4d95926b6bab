internal import CZstd

/// Packs chunk after chunk with the memory of the first.
@safe final class ZstdPacker {
    private let context: OpaquePointer
    private let level: Int32

    init(level: Int) {
        guard let context = unsafe ZSTD_createCCtx() else { preconditionFailure("no memory for a packer") }
        unsafe self.context = context
        self.level = Int32(level)
    }

    deinit { unsafe ZSTD_freeCCtx(context) }

    func pack(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        let (context, level) = unsafe (context, level)
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            // SAFETY: the library reads and writes only the memory of the two buffers, while the call lasts.
            let result = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compressCCtx(context, room.baseAddress, bound, source.baseAddress, source.count, level)
            }
            guard ZSTD_isError(result) == 0 else { preconditionFailure("packing into enough room failed") }
            count = result
        }
    }
}

enum Zstd {
    static let levels = 1...19

    /// Unpacks what should become exactly `size` bytes; nil when it does not. Memory is only touched where something is
    /// unpacked, so a damaged size costs nothing.
    static func unpack(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        var result = 0
        let unpacked = unsafe [UInt8](unsafeUninitializedCapacity: size) { room, count in
            // SAFETY: as in `pack`.
            result = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_decompress(room.baseAddress, size, source.baseAddress, source.count)
            }
            count = ZSTD_isError(result) == 0 ? result : 0
        }
        return ZSTD_isError(result) == 0 && unpacked.count == size ? unpacked : nil
    }

    /// What can be unpacked of the beginning of something that was cut off, at most `size` bytes.
    static func unpackBeginning(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8] {
        guard let stream = unsafe ZSTD_createDStream() else { return [] }
        defer { unsafe ZSTD_freeDStream(stream) }
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { room, count in
            // SAFETY: as in `pack`; the stream is this function's own.
            unsafe bytes.withUnsafeBytes { source in
                var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: size, pos: 0)
                var last = -1
                while unsafe output.pos < size, unsafe last != Int(output.pos) + Int(input.pos) {
                    unsafe last = Int(output.pos) + Int(input.pos)
                    if unsafe ZSTD_isError(ZSTD_decompressStream(stream, &output, &input)) != 0 { break }
                }
                count = unsafe output.pos
            }
        }
    }
}
