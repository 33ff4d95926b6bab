/// A stream of bytes to a USB device through two bulk endpoints, ours alone; and its events, where it has an endpoint
/// for them.
///
/// Input is asked for all the time: several transfers of one packet each wait in the kernel, so the device need not end
/// what it says with a short packet. No packet of length zero is sent either: a stream has no ends.
///
/// Everything happens inside the calls of the owner. After opening, nothing of ours allocates; libusb asks the allocator
/// for one small block per transfer.
public struct USBLink: BytePort, ~Copyable {
    /// What was opened, and where it was then.
    public let device: USBDeviceInfo
    public private(set) var counters = PortCounters()
    /// Transfers of the event endpoint that brought something.
    public private(set) var eventsIn: UInt64 = 0
    private let handle: USBHandle
    private var input: USBTransfers
    private var output: USBTransfers
    private var events: USBTransfers
    private var lastWords = LastWords.nothing

    /// How many packets may arrive while nobody reads; the device waits with more.
    public static let packetsAhead = 8
    private static let eventsAhead = 4
    /// A multiple of every packet size there is, in packets of any endpoint.
    private static let packetsOut = 8

    /// Looks for the device, takes its interface, and begins to listen.
    ///
    /// The interface is the first one of its maker's own class with one bulk endpoint each way; `.unsuitable` when there
    /// is none, `.busy` when a program or a driver of the kernel has it.
    public init(_ identity: USBIdentity) throws(PortError) {
        let handle = try USBHandle(identity, .stream, fromDriver: false)
        var input = USBTransfers(handle.interface.input, count: Self.packetsAhead, packets: 1, on: handle)
        let output = USBTransfers(handle.interface.output, count: 1, packets: Self.packetsOut, on: handle)
        var events = USBTransfers(handle.interface.events, count: Self.eventsAhead, packets: 1, on: handle)
        do throws(PortError) {
            try input.submitAll()
            try events.submitAll()
        } catch {
            input.end(on: handle)
            output.end(on: handle)
            events.end(on: handle)
            throw error
        }
        device = handle.device
        self.handle = handle
        self.input = input
        self.output = output
        self.events = events
    }

    deinit {
        sayLastWords()
        input.end(on: handle)
        output.end(on: handle)
        events.end(on: handle)
    }

    /// In pieces, as every write; a device that does not take them is on its own.
    private func sayLastWords() {
        let words = lastWords
        let end = MonotonicInstant.now() + LastWords.patience
        var done = 0
        while done < words.count {
            do throws(PortError) {
                let rest = words.storage.span.extracting(done..<words.count)
                done += try output.send(rest, through: handle, by: end)
            } catch { return }
        }
    }

    /// Gives the device back now.
    public consuming func close() {}

    public mutating func setLastWords(_ words: LastWords) { lastWords = words }

    // MARK: Bytes

    /// Sends all bytes; when the deadline passes, the kernel is told to stop, and the error says how many went out.
    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        var done = 0
        while done < bytes.count {
            guard MonotonicInstant.now() < deadline else { throw noted(.timedOut(transferred: done)) }
            do throws(PortError) {
                let sent = try output.send(bytes.extracting(done...), through: handle, by: deadline)
                if sent < bytes.count - done { counters.shortWrites += 1 }
                counters.bytesOut += UInt64(sent)
                done += sent
            } catch {
                throw noted(noteSent(error, after: done))
            }
        }
    }

    /// The error of one transfer, as one of the whole write.
    private mutating func noteSent(_ error: PortError, after done: Int) -> PortError {
        switch error {
        case .timedOut(let sent):
            counters.bytesOut += UInt64(sent)
            return .timedOut(transferred: done + sent)
        case .hungUp(let sent):
            counters.bytesOut += UInt64(sent)
            return .hungUp(transferred: done + sent)
        default: return error
        }
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        do throws(PortError) {
            let received = try Self.receive(into: &buffer, from: start, of: &input, through: handle, by: deadline)
            counters.reads += 1
            counters.bytesIn += UInt64(received)
            return received
        } catch {
            throw noted(error)
        }
    }

    /// Waits until the device says something through its event endpoint, and takes it as `read` does.
    ///
    /// `.unsuitable` where there is no such endpoint.
    public mutating func readEvent(
        into buffer: inout MutableSpan<UInt8>, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        guard hasEvents else { throw .unsuitable }
        do throws(PortError) {
            let received = try Self.receive(into: &buffer, from: 0, of: &events, through: handle, by: deadline)
            eventsIn += 1
            return received
        } catch {
            throw noted(error)
        }
    }

    public var hasEvents: Bool { events.count > 0 }

    private static func receive(
        into buffer: inout MutableSpan<UInt8>, from start: Int, of transfers: inout USBTransfers,
        through handle: borrowing USBHandle, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        guard start < buffer.count else { preconditionFailure("a read needs room for one byte") }
        while true {
            let received = try transfers.take(into: &buffer, at: start, from: handle)
            if received > 0 { return received }
            // A packet of length zero is over and brought nothing; the next one may be there already.
            if transfers.isReady { continue }
            guard try handle.handleEvents(by: deadline) else { throw .timedOut(transferred: 0) }
        }
    }

    public mutating func discardInput() throws(PortError) -> Int {
        var discarded = 0
        while true {
            while input.hasBytes { discarded += input.drop() }
            // The rest of what had arrived is in the kernel, and came no later than this.
            guard try handle.handleEvents(by: .past), input.hasBytes else { break }
        }
        counters.bytesDiscarded += UInt64(discarded)
        if input.isReady { try rethrowEnd() }
        return discarded
    }

    /// Where the oldest transfer brought no bytes but an error.
    private mutating func rethrowEnd() throws(PortError) {
        var scratch = InlineArray<1, UInt8>(repeating: 0)
        var room = scratch.mutableSpan
        do throws(PortError) { _ = try input.take(into: &room, at: 0, from: handle) } catch { throw noted(error) }
    }

    private mutating func noted(_ error: PortError) -> PortError {
        switch error {
        case .timedOut: counters.timeOuts += 1
        case .hungUp: counters.hangUps += 1
        default: break
        }
        return error
    }
}
