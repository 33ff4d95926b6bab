// A frame is COBS(payload, checksum low byte first), then a zero. No other byte of it is zero, so after any garbage the
// next zero is the end of something, and what follows it is the start of a frame.

/// Wraps a payload of at most `payloadCapacity` bytes into a frame.
@_noAllocation @_noLocks
func frame(around payload: Payload) -> Frame {
    var checksum = Checksum()
    var stuffing = Stuffing()
    var position = 0
    while position < payload.count {
        checksum.add(payload[position])
        stuffing.add(payload[position])
        position += 1
    }
    stuffing.add(UInt8(truncatingIfNeeded: checksum.value))
    stuffing.add(UInt8(truncatingIfNeeded: checksum.value >> 8))
    return stuffing.closed()
}

/// Replaces each zero by the distance to the next one.
struct Stuffing {
    private var frame = Frame()
    private var distanceAt = 0

    init() { frame.append(0) }

    @_noAllocation @_noLocks
    mutating func add(_ byte: UInt8) {
        if byte == 0 { endGroup() }
        frame.append(byte)
    }

    @_noAllocation @_noLocks
    consuming func closed() -> Frame {
        endGroup()
        frame.append(0)
        return frame
    }

    // The frame is shorter than 255 bytes, so the distance always fits.
    private mutating func endGroup() {
        frame[distanceAt] = UInt8(truncatingIfNeeded: frame.count - distanceAt)
        distanceAt = frame.count
    }
}

/// Takes a stream apart into payloads, one byte at a time.
struct FrameReceiver: Sendable {
    // The payload and its checksum.
    private var unstuffed = Bytes()
    private var untilZero: UInt8 = 0
    private var started = false
    private var overflowed = false
    /// How many frames have ended, the damaged ones included. Wraps around.
    private(set) var ended: UInt32 = 0

    /// The payload of the frame that this byte ends; nil in the middle of a frame and between frames.
    @_noAllocation @_noLocks
    mutating func receive(_ byte: UInt8) throws(LinkError) -> Payload? {
        guard byte == 0 else {
            take(byte)
            return nil
        }
        guard started else { return nil }
        ended &+= 1
        defer { startAgain() }
        return try finished()
    }

    private mutating func take(_ byte: UInt8) {
        if untilZero > 0 {
            untilZero -= 1
            store(byte)
        } else {
            if started { store(0) }
            untilZero = byte - 1
        }
        started = true
    }

    private mutating func store(_ byte: UInt8) {
        guard unstuffed.count < payloadCapacity + 2 else {
            overflowed = true
            return
        }
        unstuffed.append(byte)
    }

    private mutating func startAgain() {
        unstuffed.removeAll()
        untilZero = 0
        started = false
        overflowed = false
    }

    private func finished() throws(LinkError) -> Payload {
        guard !overflowed else { throw .overflow }
        guard untilZero == 0 else { throw .stuffing }
        guard unstuffed.count >= 2 + Header.length else { throw .truncated }
        var payload = Payload()
        var checksum = Checksum()
        while payload.count < unstuffed.count - 2 {
            checksum.add(unstuffed[payload.count])
            payload.append(unstuffed[payload.count])
        }
        let low = UInt16(unstuffed[payload.count])
        let high = UInt16(unstuffed[payload.count + 1])
        guard checksum.value == low | high << 8 else { throw .checksum }
        return payload
    }
}
