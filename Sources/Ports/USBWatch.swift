internal import CUSB
internal import Glibc

/// Waits until a device is plugged in or pulled out.
///
/// It compares what is there with what it said last, so nothing is lost between two calls: a device that was pulled out
/// and put back has left and has arrived. A device has arrived when udev is done with it, so that it can be opened.
public struct USBWatch: ~Copyable, Sendable {
    public enum Change: Equatable, Sendable {
        case arrived(USBDeviceInfo)
        case left(USBDeviceInfo)
    }

    public let identity: USBIdentity
    /// What was there when it was said last; nil for nothing.
    public private(set) var present: USBDeviceInfo?
    private let context: USBContext

    /// `.ambiguous` when several devices have this identity, here and from `next`.
    public init(_ identity: USBIdentity) throws(PortError) {
        let context = try USBContext()
        // SAFETY: the callback is given nothing and keeps nothing; it ends with the context. That it is there makes
        // libusb wake up for every device that comes or goes.
        let status = unsafe libusb_hotplug_register_callback(
            context.context.pointer,
            Int32(LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue), 0,
            Int32(identity.vendor), Int32(identity.product), LIBUSB_HOTPLUG_MATCH_ANY, { _, _, _, _ in 0 }, nil, nil)
        try USBLibrary.check(.watch, status)
        present = try Self.find(identity, in: context)
        self.identity = identity
        self.context = context
    }

    /// What happens next to the device. `.timedOut` when nothing does.
    public mutating func next(by deadline: MonotonicInstant) throws(PortError) -> Change {
        while true {
            if let change = try change() { return change }
            let left = deadline - .now()
            guard left > .zero else { throw .timedOut(transferred: 0) }
            try context.handleEvents(within: timeval(atMost: left))
        }
    }

    private mutating func change() throws(PortError) -> Change? {
        let found = try Self.find(identity, in: context)
        if let present, found?.path != present.path {
            self.present = nil
            return .left(present)
        }
        guard present == nil, let found else { return nil }
        present = found
        return .arrived(found)
    }

    private static func find(_ identity: USBIdentity, in context: borrowing USBContext) throws(PortError)
        -> USBDeviceInfo?
    {
        do throws(PortError) {
            let device = try USBDevices.device(identity)
            return try context.knows(device) ? device : nil
        } catch .missing {
            return nil
        }
    }
}

extension timeval {
    /// At most a second: whoever waits longer looks again in between.
    fileprivate init(atMost span: Duration) {
        let (seconds, attoseconds) = min(span, .seconds(1)).components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
