/// A pedal or button that a person holds down while the robot may move.
///
/// Only a fresh, well-formed report that says so counts as held. Everything else is let go, with the reason: the switch
/// released, unplugged, silent, or not making sense.
///
/// A device that reports by itself is bounded by `longestSilence` alone. One that reports only changes is asked to
/// repeat its report four times within that span (HID's SET_IDLE, in steps of 4 ms up to 1,020 ms). `repeatsReports`
/// says whether it agreed; where it did not, and stays silent, it counts as released after `longestSilence`, however
/// long it is held.
public struct DeadMan: ~Copyable, Sendable {
    public struct Settings: Equatable, Sendable {
        public let identity: USBIdentity
        /// nil for the first interface of its kind that the device has.
        public let interface: UInt8?
        /// nil where reports have no number; reports with another one are not ours and prove nothing.
        public let report: UInt8?
        /// Counted from the start of the report, its number included.
        public let byte: UInt8
        /// 0 for the lowest one. Set while the switch is held.
        public let bit: UInt8
        /// How old the last report may be.
        public let longestSilence: Duration

        /// nil when the bit is none of a byte, the byte none of a report, or the silence not positive.
        public init?(
            _ identity: USBIdentity, interface: UInt8? = nil, report: UInt8? = nil, byte: UInt8, bit: UInt8,
            longestSilence: Duration
        ) {
            guard bit < 8, byte < 64, report != 0, longestSilence > .zero, report == nil || byte > 0 else { return nil }
            self.identity = identity
            self.interface = interface
            self.report = report
            self.byte = byte
            self.bit = bit
            self.longestSilence = longestSilence
        }
    }

    public enum State: Equatable, Sendable {
        case held
        case released(Reason)

        public var isHeld: Bool { self == .held }
    }

    public enum Reason: Equatable, Sendable {
        /// The switch says so.
        case letGo
        /// Nothing has come since it was opened.
        case notHeard
        /// The last report is so old, at least as far as can be known.
        case silent(for: Duration)
        /// A report of so many bytes has no bit where it should be.
        case malformed(length: Int)
        case unplugged
        /// The bus failed, and may recover.
        case failed(PortError)
    }

    public let settings: Settings
    public let device: USBDeviceInfo
    /// Whether the device agreed to repeat a report that has not changed.
    public let repeatsReports: Bool
    /// Reports that were ours and well formed.
    public private(set) var reports: UInt64 = 0
    private let handle: USBHandle
    private var input: USBTransfers
    private var judge: DeadManJudge

    private static let reportsAhead = 4

    /// Takes the device from the kernel's driver, which gets it back at the end.
    public init(_ settings: Settings) throws(PortError) {
        let handle = try USBHandle(
            settings.identity, .humanInput(number: settings.interface), fromDriver: true)
        let repeatsReports = Self.askToRepeat(settings, handle)
        var input = USBTransfers(handle.interface.events, count: Self.reportsAhead, packets: 1, on: handle)
        do throws(PortError) {
            try input.submitAll()
        } catch {
            input.end(on: handle)
            throw error
        }
        self.settings = settings
        self.repeatsReports = repeatsReports
        device = handle.device
        judge = DeadManJudge(settings)
        self.handle = handle
        self.input = input
    }

    deinit { input.end(on: handle) }

    /// SET_IDLE of the HID class, to this interface.
    private static func askToRepeat(_ settings: Settings, _ handle: borrowing USBHandle) -> Bool {
        let value = UInt16(settings.idleSteps) << 8 | UInt16(settings.report ?? 0)
        do throws(PortError) {
            try handle.control(
                type: 0x21, request: 0x0A, value: value, index: UInt16(handle.interface.number),
                within: .milliseconds(500))
            return true
        } catch {
            // Many devices refuse, and report by themselves. Silence is judged all the same.
            return false
        }
    }

    /// Whether the switch is held, from what has arrived until now; waits for nothing.
    ///
    /// A release is never missed: if any report since the last call said so, this call says so too. Reports carry no
    /// time, so one counts as old as the last call: whoever asks too seldom is told that the device is silent.
    public mutating func state(at instant: MonotonicInstant) -> State {
        do throws(PortError) {
            _ = try handle.handleEvents(by: .past)
            try takeReports()
        } catch {
            judge.fail(error)
        }
        return judge.conclude(at: instant)
    }

    private mutating func takeReports() throws(PortError) {
        try input.resume()
        while input.isReady {
            try takeReport()
            try input.resume()
        }
    }

    private mutating func takeReport() throws(PortError) {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var room = bytes.mutableSpan
        // Packets of this kind are longer than that only at speeds that no button has.
        guard input.room <= room.count else { throw .unsuitable }
        let length = try input.take(into: &room, at: 0, from: handle)
        if judge.hear(bytes.span.extracting(first: length)) { reports += 1 }
    }
}

extension DeadMan.Settings {
    /// How often a device shall repeat its report, in steps of 4 ms; never 0, which stands for "only changes".
    var idleSteps: UInt8 {
        let (seconds, attoseconds) = (min(longestSilence, .seconds(60)) / 4).components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        return UInt8(clamping: max(1, milliseconds / 4))
    }
}
