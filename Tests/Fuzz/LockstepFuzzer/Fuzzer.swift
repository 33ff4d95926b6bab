import FuzzDriver
import Ports

// The two sides of a lockstep socket believe each other's frames after these parsers only. What one of them accepts must
// have one spelling: a field that is ignored would be a message that nobody reads.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var rest = unsafe input(start, count)[...]
    while let choice = rest.popFirst() {
        switch choice & 3 {
        case 0: expectGreeting(Array(take(LockstepFormat.greetingSize, from: &rest)))
        case 1: expectRequest(Array(take(LockstepRequest.size, from: &rest)))
        case 2: expectAnswer(Array(take(LockstepAnswer.size, from: &rest)))
        default: expectSoundRequest(Array(take(LockstepRequest.size, from: &rest)))
        }
    }
    return 0
}

func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
}

/// The same bytes, and the counts that a reader makes room by stay within what it has.
func expectRequest(_ bytes: [UInt8]) {
    guard let request = try? LockstepRequest(parsing: bytes.span) else { return }
    expect(written(LockstepRequest.size) { request.put(into: &$0) } == bytes, "\(request) is not \(bytes)")
    expect(request.length <= LockstepFormat.longest, "\(request) has more bytes behind it than a frame may have")
    expect(request.kind != .read || request.least <= request.room, "\(request) waits for more than it takes")
    expect(request.kind != .read || request.room <= LockstepFormat.longest, "\(request) takes more than one answer has")
}

func expectAnswer(_ bytes: [UInt8]) {
    guard let answer = try? LockstepAnswer(parsing: bytes.span) else { return }
    expect(written(LockstepAnswer.size) { answer.put(into: &$0) } == bytes, "\(answer) is not \(bytes)")
    let most = LockstepFormat.longest + LockstepFormat.mostPieces * LockstepFormat.pieceSize
    expect(answer.sizeBehind <= most, "\(answer) has more behind it than a reader makes room for")
    expect(answer.pieces <= answer.length, "\(answer) has pieces without bytes")
}

/// Only this house's greeting in this version is one.
func expectGreeting(_ bytes: [UInt8]) {
    let sound = written(LockstepFormat.greetingSize) { LockstepFormat.putGreeting(into: &$0) }
    var isAccepted = true
    do throws(LockstepProblem) { try LockstepFormat.checkGreeting(bytes.span) } catch { isAccepted = false }
    expect(isAccepted == (bytes == sound), "\(bytes) is accepted: \(isAccepted)")
}

/// What the house's own side makes of any numbers is a request that the other side accepts.
func expectSoundRequest(_ bytes: [UInt8]) {
    guard bytes.count == LockstepRequest.size else { return }
    let (room, least) = (Int(bytes[0]) << 8 | Int(bytes[1]), Int(bytes[2]) << 8 | Int(bytes[3]))
    let request = LockstepRequest.read(atMost: max(1, room), least: least, until: instant(of: bytes.suffix(8)))
    let said = written(LockstepRequest.size) { request.put(into: &$0) }
    expect((try? LockstepRequest(parsing: said.span)) == request, "\(request) is refused")
}

func instant(of bytes: ArraySlice<UInt8>) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
}

/// What is put into so many bytes, each of which was something else before.
func written(_ count: Int, _ put: (inout MutableSpan<UInt8>) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xA5, count: count)
    var room = bytes.mutableSpan
    put(&room)
    return bytes
}
