import BoardLink
import FuzzDriver

// An input is a script: each step is a byte that says how many bytes follow and whether they go over the wire as they
// are or as the payload of a sound frame. Without the second way the checksum would hide the messages behind it.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    var wire = Wire()
    var rest = unsafe input(start, count)[...]
    while let step = rest.popFirst() {
        let content = rest.prefix(Int(step >> 1))
        rest = rest.dropFirst(content.count)
        wire.send(step & 1 == 0 ? Array(content) : framed(content))
    }
    wire.expectResynchronisation()
    return 0
}

/// A receiver, and what it should have heard.
struct Wire {
    private var receiver = Receiver()
    private var sinceZero: [UInt8] = []
    private var accepted: UInt32 = 0
    private var refused: UInt32 = 0

    mutating func send(_ bytes: [UInt8]) {
        for byte in bytes {
            sinceZero.append(byte)
            do throws(LinkError) {
                if let packet = try receiver.receive(byte) { take(packet) }
            } catch {
                refused += 1
            }
            if byte == 0 { sinceZero = [] }
        }
        expectCounters()
    }

    /// What was accepted says the same when it is sent again.
    private mutating func take(_ packet: Packet) {
        accepted += 1
        var sender = Sender(nextSequence: packet.sequence)
        let frame = sender.frame(packet.message)
        let written = (0..<frame.count).map { frame[$0] }
        expect(written == sinceZero, "\(packet) was \(sinceZero) and is written as \(written)")
        let again = try? Packet(packet.payload())
        expect(again == packet, "\(packet) is read back as \(String(describing: again))")
    }

    private func expectCounters() {
        let counters = receiver.counters
        expect(counters.accepted == accepted, "\(accepted) were accepted, counted: \(counters)")
        expect(counters.damaged + counters.misunderstood == refused, "\(refused) were refused, counted: \(counters)")
        expect(receiver.framesEnded == accepted + refused, "\(receiver.framesEnded) frames ended, not all were counted")
    }

    /// Whatever came before, the first frame behind a zero is taken.
    mutating func expectResynchronisation() {
        send([0])
        let before = accepted
        var sender = Sender(nextSequence: 7)
        let frame = sender.frame(.disarm)
        send((0..<frame.count).map { frame[$0] })
        expect(accepted == before + 1, "the frame after the noise was not taken")
    }
}

func framed(_ payload: ArraySlice<UInt8>) -> [UInt8] {
    var checksum = Checksum()
    for byte in payload { checksum.add(byte) }
    let content = payload + [UInt8(truncatingIfNeeded: checksum.value), UInt8(checksum.value >> 8)]
    let groups = content.split(separator: 0, omittingEmptySubsequences: false)
    return groups.flatMap { [UInt8($0.count + 1)] + $0 } + [0]
}
