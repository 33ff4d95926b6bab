internal import CUSB
internal import Glibc

/// An open device with one interface of it claimed. Given back when its owner lets go.
@safe struct USBHandle: ~Copyable, Sendable {
    let device: USBDeviceInfo
    let interface: USBInterface
    private let context: USBContext
    let handle: Sole<OpaquePointer>
    /// Ready for writing when a transfer has ended, with an error when the device is gone. It is libusb's to close.
    private let descriptor: Int32

    /// Looks for the device, opens it and takes its interface: from other programs never, from a driver of the kernel
    /// only when asked to, which then gets it back at the end.
    init(_ identity: USBIdentity, _ kind: USBInterface.Kind, fromDriver: Bool) throws(PortError) {
        let device = try USBDevices.device(identity)
        let context = try USBContext()
        let handle = try unsafe context.open(device)
        let taken: (USBInterface, Int32)
        do throws(PortError) {
            taken = try unsafe Self.take(kind, of: handle, fromDriver: fromDriver, in: context)
            // Between looking and opening, somebody may have pulled one plug and put in another.
            guard try USBDevices.device(identity).path == device.path else { throw .replaced }
        } catch {
            // SAFETY: opened above, used by nobody, and not used again.
            unsafe libusb_close(handle)
            throw error
        }
        (self.device, interface, descriptor) = (device, taken.0, taken.1)
        self.context = context
        unsafe self.handle = Sole(handle)
    }

    private static func take(
        _ kind: USBInterface.Kind, of handle: OpaquePointer, fromDriver: Bool, in context: borrowing USBContext
    ) throws(PortError) -> (USBInterface, Int32) {
        let interface = try unsafe USBInterface.find(kind, on: handle)
        // SAFETY: the handle is open. Refused only where drivers cannot be detached; then the claim says so.
        _ = unsafe libusb_set_auto_detach_kernel_driver(handle, fromDriver ? 1 : 0)
        try USBLibrary.check(.claim, unsafe libusb_claim_interface(handle, Int32(interface.number)))
        return (interface, try descriptor(of: context))
    }

    /// The one descriptor that libusb waits on for writing is that of the one open device.
    private static func descriptor(of context: borrowing USBContext) throws(PortError) -> Int32 {
        // SAFETY: a list that ends with nil and is ours to free.
        guard let list = unsafe libusb_get_pollfds(context.context.pointer) else {
            throw .system(call: .wait, errno: ENOMEM)
        }
        defer { unsafe libusb_free_pollfds(list) }
        var index = 0
        while let entry = unsafe list[index] {
            if unsafe entry.pointee.events & Int16(POLLOUT) != 0 { return unsafe entry.pointee.fd }
            index += 1
        }
        throw .system(call: .wait, errno: EBADF)
    }

    /// Waits until a transfer has ended, or the device is gone, and lets libusb do what follows; false when the deadline
    /// passed first.
    ///
    /// The wait is ours and not libusb's, which rounds up to milliseconds.
    func handleEvents(by deadline: MonotonicInstant) throws(PortError) -> Bool {
        if try Linux.wait(descriptor, for: .writable, by: deadline).isEmpty { return false }
        try context.handleEvents()
        return true
    }

    /// A request to the device itself; blocks for a while. For opening, not for ticks.
    func control(type: UInt8, request: UInt8, value: UInt16, index: UInt16, within limit: Duration) throws(PortError) {
        let milliseconds = UInt32(
            clamping: limit.components.seconds * 1_000 + limit.components.attoseconds / 1_000_000_000_000_000)
        // SAFETY: the handle is open, and nothing is sent beside the request itself.
        try USBLibrary.check(
            .configure,
            unsafe libusb_control_transfer(handle.pointer, type, request, value, index, nil, 0, milliseconds))
    }

    /// Tells both sides to forget that an endpoint refused a transfer.
    func clearHalt(_ endpoint: UInt8) {
        // SAFETY: the handle is open. What goes wrong here goes wrong again with the next transfer, and is told there.
        _ = unsafe libusb_clear_halt(handle.pointer, endpoint)
    }

    deinit {
        // SAFETY: opened and claimed in `init`; the owners of transfers have ended them before they let go of this.
        unsafe libusb_release_interface(handle.pointer, Int32(interface.number))
        unsafe libusb_close(handle.pointer)
    }
}
