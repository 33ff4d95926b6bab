internal import CUSB
internal import Glibc

/// Transfers through one endpoint, in the order in which they were handed to the kernel, with their memory.
///
/// Everything is made once. libusb itself asks the allocator for one small block each time a transfer is submitted.
@safe struct USBTransfers: ~Copyable, Sendable {
    /// What belongs to one transfer, at an address that stays the same while libusb knows it.
    @unsafe struct Slot {
        enum State { case idle, submitted, ended }
        let transfer: UnsafeMutablePointer<libusb_transfer>
        let bytes: UnsafeMutablePointer<UInt8>
        var state = State.idle
    }

    let count: Int
    /// How many bytes fit into one transfer.
    let room: Int
    private let endpoint: UInt8
    private let slots: Sole<UnsafeMutablePointer<Slot>>
    /// The oldest transfer.
    private var head = 0
    /// How much of it was already read.
    private var taken = 0

    /// None for no endpoint.
    init(_ endpoint: USBInterface.Endpoint?, count: Int, packets: Int, on handle: borrowing USBHandle) {
        self.count = endpoint == nil ? 0 : count
        self.endpoint = endpoint?.address ?? 0
        room = (endpoint?.packetSize ?? 0) * packets
        // SAFETY: the slots are freed in `end` and nowhere else; their number is `count`.
        unsafe slots = Sole(UnsafeMutablePointer<Slot>.allocate(capacity: max(1, self.count)))
        for index in 0..<self.count {
            guard let transfer = unsafe libusb_alloc_transfer(0) else {
                preconditionFailure("no memory for a transfer")
            }
            let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
            unsafe bytes.initialize(repeating: 0, count: room)
            let slot = unsafe slots.pointer + index
            unsafe slot.initialize(to: Slot(transfer: transfer, bytes: bytes))
            let kind = endpoint?.isBulk == true ? LIBUSB_TRANSFER_TYPE_BULK : LIBUSB_TRANSFER_TYPE_INTERRUPT
            // SAFETY: slot, bytes and handle outlive the transfer, which `end` frees first. The callback runs inside a
            // call of the handle's owner, so nobody else looks at the slot meanwhile.
            unsafe transfer.pointee.dev_handle = handle.handle.pointer
            unsafe transfer.pointee.endpoint = self.endpoint
            unsafe transfer.pointee.type = UInt8(kind.rawValue)
            unsafe transfer.pointee.buffer = bytes
            unsafe transfer.pointee.length = Int32(room)
            unsafe transfer.pointee.user_data = UnsafeMutableRawPointer(slot)
            unsafe transfer.pointee.callback = { ended in
                unsafe ended?.pointee.user_data.assumingMemoryBound(to: Slot.self).pointee.state = .ended
            }
        }
    }

    /// Hands every transfer to the kernel.
    mutating func submitAll() throws(PortError) { for index in 0..<count { try submit(index) } }

    private func submit(_ index: Int) throws(PortError) {
        // SAFETY: the slot is idle, so neither libusb nor the kernel has the transfer.
        try USBLibrary.check(.submit, unsafe libusb_submit_transfer(slots.pointer[index].transfer))
        unsafe slots.pointer[index].state = .submitted
    }

    private func state(_ index: Int) -> Slot.State {
        // SAFETY: an index below `count`, in memory that lives as long as this.
        guard index < count else { preconditionFailure("there is no such transfer") }
        return unsafe slots.pointer[index].state
    }

    // MARK: Input

    /// Whether the oldest transfer is over, so that `take` has something to say.
    var isReady: Bool { state(head) == .ended }

    /// Hands the oldest transfer to the kernel again where that failed before, and says why it fails now.
    ///
    /// Without this, a device that is gone would only seem to be silent when every transfer had brought something before.
    func resume() throws(PortError) { if state(head) == .idle { try submit(head) } }

    /// Whether the oldest transfer is over and went well.
    var hasBytes: Bool {
        // SAFETY: the transfer is over, so its status is its last.
        unsafe isReady && slots.pointer[head].transfer.pointee.status == LIBUSB_TRANSFER_COMPLETED
    }

    /// What the oldest transfer brought, as far as it fits, or why it ended. 0 when there is nothing.
    ///
    /// A transfer that was read to its end goes back to the kernel at once.
    mutating func take(
        into buffer: inout MutableSpan<UInt8>, at start: Int, from handle: borrowing USBHandle
    ) throws(PortError) -> Int {
        try resume()
        guard isReady else { return 0 }
        // SAFETY: the transfer is over and libusb says how long it was; a slot belongs to its owner then.
        let (status, length) = unsafe (
            slots.pointer[head].transfer.pointee.status, slots.pointer[head].transfer.pointee.actual_length
        )
        guard status == LIBUSB_TRANSFER_COMPLETED else {
            recover(from: status, on: handle)
            throw Self.error(of: .read, status)
        }
        let fitting = min(Int(length) - taken, buffer.count - start)
        for offset in 0..<fitting { buffer[start + offset] = unsafe slots.pointer[head].bytes[taken + offset] }
        taken += fitting
        if taken == Int(length) { advance() }
        return fitting
    }

    /// Drops what the oldest transfer brought; says how much that was.
    mutating func drop() -> Int {
        // SAFETY: as in `take`.
        let dropped = unsafe Int(slots.pointer[head].transfer.pointee.actual_length) - taken
        advance()
        return dropped
    }

    private mutating func recover(from status: libusb_transfer_status, on handle: borrowing USBHandle) {
        if status == LIBUSB_TRANSFER_STALL { handle.clearHalt(endpoint) }
        if status == LIBUSB_TRANSFER_NO_DEVICE {
            // It stays where it is: who asks again gets the same answer.
            return
        }
        advance()
    }

    /// The oldest transfer becomes the youngest. Where the kernel refuses it, `resume` says why.
    private mutating func advance() {
        // SAFETY: the transfer is over.
        unsafe slots.pointer[head].state = .idle
        try? submit(head)
        head = (head + 1) % count
        taken = 0
    }

    // MARK: Output

    /// How long a transfer that was cancelled may take to come back. The kernel does it within one frame of the bus.
    private static let patience = Duration.seconds(1)

    /// Sends as much as fits into one transfer and waits until it is over; says how much went out.
    ///
    /// `.timedOut` and `.hungUp` say how much of this transfer went out.
    func send(
        _ bytes: Span<UInt8>, through handle: borrowing USBHandle, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        // One whose cancelling was not answered in time still has the memory.
        while state(0) == .submitted {
            if try !handle.handleEvents(by: deadline) { throw .timedOut(transferred: 0) }
        }
        let count = min(bytes.count, room)
        // SAFETY: the transfer is with us, and its memory has `room` bytes.
        for offset in 0..<count { unsafe slots.pointer[0].bytes[offset] = bytes[offset] }
        unsafe slots.pointer[0].transfer.pointee.length = Int32(count)
        try submit(0)
        while state(0) == .submitted, try handle.handleEvents(by: deadline) {}
        if state(0) == .submitted { try cancelAll(on: handle) }
        return try outcome(on: handle)
    }

    private func outcome(on handle: borrowing USBHandle) throws(PortError) -> Int {
        guard state(0) == .ended else { throw .timedOut(transferred: 0) }
        // SAFETY: the transfer is over.
        let (status, sent) = unsafe (
            slots.pointer[0].transfer.pointee.status, Int(slots.pointer[0].transfer.pointee.actual_length)
        )
        unsafe slots.pointer[0].state = .idle
        // What was cancelled too late has gone out, and then that is the truth.
        if status == LIBUSB_TRANSFER_COMPLETED { return sent }
        if status == LIBUSB_TRANSFER_CANCELLED { throw .timedOut(transferred: sent) }
        if status == LIBUSB_TRANSFER_STALL { handle.clearHalt(endpoint) }
        throw Self.error(of: .write, status, sent: sent)
    }

    private static func error(of call: PortCall, _ status: libusb_transfer_status, sent: Int = 0) -> PortError {
        switch status {
        case LIBUSB_TRANSFER_NO_DEVICE: .hungUp(transferred: sent)
        case LIBUSB_TRANSFER_STALL: .system(call: call, errno: EPIPE)
        case LIBUSB_TRANSFER_OVERFLOW: .system(call: call, errno: EOVERFLOW)
        case LIBUSB_TRANSFER_CANCELLED: .system(call: call, errno: ECANCELED)
        // The bus carried it wrong; often the first sign of a plug that is being pulled.
        default: .system(call: call, errno: EPROTO)
        }
    }

    // MARK: The end

    /// Asks for all transfers back and waits until they are here, or patience is over.
    private func cancelAll(on handle: borrowing USBHandle) throws(PortError) {
        let limit = MonotonicInstant.now() + Self.patience
        for index in 0..<count where state(index) == .submitted {
            // SAFETY: a transfer that was submitted; one that has just ended is told by its callback all the same.
            _ = unsafe libusb_cancel_transfer(slots.pointer[index].transfer)
        }
        while hasSubmitted, try handle.handleEvents(by: limit) {
            if MonotonicInstant.now() >= limit { return }
        }
    }

    private var hasSubmitted: Bool { (0..<count).contains { state($0) == .submitted } }

    /// Takes everything back and frees it. To be called once, before the handle is closed.
    func end(on handle: borrowing USBHandle) {
        try? cancelAll(on: handle)
        // Memory that libusb may still write to is left to it: a leak, where the alternative is worse.
        guard !hasSubmitted else { return }
        // SAFETY: nobody else has the transfers now, and nobody uses this again.
        for index in 0..<count {
            unsafe libusb_free_transfer(slots.pointer[index].transfer)
            unsafe slots.pointer[index].bytes.deallocate()
        }
        unsafe slots.pointer.deallocate()
    }
}
