internal import CUSB
internal import Glibc

/// libusb with typed errors. Only this file, `USBHandle` and `USBTransfers` touch `CUSB`.
enum USBLibrary {
    static func check(_ call: PortCall, _ status: Int32) throws(PortError) {
        if status < 0 { throw error(of: call, status: status) }
    }

    /// A device that is gone while it is looked for is missing; one that goes while it is used has hung up.
    private static func error(of call: PortCall, status: Int32) -> PortError {
        switch libusb_error(status) {
        case LIBUSB_ERROR_NO_DEVICE: call == .open || call == .claim ? .missing : .hungUp(transferred: 0)
        case LIBUSB_ERROR_NOT_FOUND: .missing
        case LIBUSB_ERROR_ACCESS: .notPermitted
        case LIBUSB_ERROR_BUSY: .busy
        case LIBUSB_ERROR_PIPE: .system(call: call, errno: EPIPE)
        case LIBUSB_ERROR_OVERFLOW: .system(call: call, errno: EOVERFLOW)
        case LIBUSB_ERROR_TIMEOUT: .system(call: call, errno: ETIMEDOUT)
        case LIBUSB_ERROR_NO_MEM: .system(call: call, errno: ENOMEM)
        case LIBUSB_ERROR_INVALID_PARAM: .system(call: call, errno: EINVAL)
        case LIBUSB_ERROR_NOT_SUPPORTED: .system(call: call, errno: ENOTSUP)
        default: .system(call: call, errno: EIO)
        }
    }
}

/// A world of libusb's of its own, for one owner.
///
/// Its callbacks run inside the calls of that owner and nowhere else. libusb itself keeps one thread in the process
/// which listens to udev; all it does is put notes on a list that these calls read.
@safe struct USBContext: ~Copyable, Sendable {
    let context: Sole<OpaquePointer>

    init() throws(PortError) {
        var made: OpaquePointer?
        // SAFETY: the library fills the variable when it answers that all is well; the answer is ours to end.
        try USBLibrary.check(.open, unsafe libusb_init(&made))
        guard let made = unsafe made else { throw .system(call: .open, errno: ENOMEM) }
        unsafe context = Sole(made)
    }

    /// Lets libusb look at what happened until now, without waiting.
    func handleEvents() throws(PortError) { try handleEvents(within: timeval()) }

    /// Lets libusb wait for something to happen; it rounds up to milliseconds.
    func handleEvents(within span: timeval) throws(PortError) {
        var span = span
        // SAFETY: the context lives as long as its owner, and the time is only read.
        let status = unsafe libusb_handle_events_timeout_completed(context.pointer, &span, nil)
        // A signal came; whoever waits asks again.
        if libusb_error(status) != LIBUSB_ERROR_INTERRUPTED { try USBLibrary.check(.wait, status) }
    }

    /// The device at this bus and address; the caller gives the reference back.
    private func device(at place: USBDeviceInfo) throws(PortError) -> OpaquePointer? {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        // SAFETY: the list ends with nil. It is freed before this returns; the device found keeps the reference that is
        // taken for it, and whoever gets it gives that back.
        try USBLibrary.check(.open, unsafe Int32(clamping: libusb_get_device_list(context.pointer, &list)))
        defer { unsafe libusb_free_device_list(list, 1) }
        var index = 0
        while let device = unsafe list?[index] {
            let isThere =
                unsafe libusb_get_bus_number(device) == place.bus
                && libusb_get_device_address(device) == place.address
            if isThere { return unsafe libusb_ref_device(device) }
            index += 1
        }
        return nil
    }

    /// Whether libusb has heard of the device: udev has made its file and set who may open it.
    func knows(_ place: USBDeviceInfo) throws(PortError) -> Bool {
        // SAFETY: the reference is given back at once.
        guard let device = try unsafe device(at: place) else { return false }
        unsafe libusb_unref_device(device)
        return true
    }

    /// Opens a device; the handle is the caller's to close.
    func open(_ place: USBDeviceInfo) throws(PortError) -> OpaquePointer {
        // SAFETY: an open handle keeps a reference of its own to the device, so ours is given back in any case.
        guard let device = try unsafe device(at: place) else { throw .missing }
        defer { unsafe libusb_unref_device(device) }
        var handle: OpaquePointer?
        try USBLibrary.check(.open, unsafe libusb_open(device, &handle))
        guard let handle = unsafe handle else { throw .system(call: .open, errno: ENOMEM) }
        return unsafe handle
    }

    deinit {
        // SAFETY: made in `init`, and everything that belonged to it was closed by its owners before.
        unsafe libusb_exit(context.pointer)
    }
}
