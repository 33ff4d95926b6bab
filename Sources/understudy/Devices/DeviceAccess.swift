import Ports

/// How the device verbs reach devices and the person in front of them. Tests bring their own.
struct DeviceAccess {
    let ports: () -> Result<[PortFacts], PortError>
    let open: (DeviceAddress, BaudRate) -> OpenedLine
    /// Takes a dead-man switch for a moment and listens to it.
    let deadMan: (DeadMan.Settings) -> Result<DeadManFacts, PortError>
    /// Writes to standard error at once.
    let tell: (String) -> Void
    /// Whether standard error is a terminal, where a line can be written over.
    let isWatched: Bool
    /// Whether somebody wants this to end.
    let isInterrupted: () -> Bool
    /// A line that somebody typed; nil when nobody will any more, or wants this to end.
    let ask: () -> String?
    /// Writes a whole file or nothing, with the folders above it.
    let save: (String, String) -> FileTrouble?
    /// Where programs of this user keep what they have to remember; nil when there is no such place.
    let stateFolder: () -> String?
    /// Whether somebody presses Enter within so many milliseconds.
    var press: (Int32) -> Press = { _ in .ended }
}

/// A line, or why there is none. A handle cannot be copied, so it is taken out of here once.
struct OpenedLine: ~Copyable {
    var line: DeviceLine?
    var error: PortError?

    init(_ line: consuming DeviceLine) { self.line = consume line }

    init(_ error: PortError) { self.error = error }

    init(_ address: DeviceAddress, _ rate: BaudRate) {
        do throws(PortError) { line = try DeviceLine(address, baudRate: rate) } catch { self.error = error }
    }
}

/// What was seen of one serial port, without opening it.
struct PortFacts: Equatable, Sendable {
    /// Where it is now.
    var path: String
    /// What to write after `--port`; nil when nothing about it is stable.
    var identity: String?
    /// Its other stable names.
    var aliases: [String]
    /// What the USB device calls itself; nil for ports that are none.
    var device: String?
    /// The numbers of maker and product, as a udev rule needs them.
    var vendor: String?
    var product: String?
    var mayUse: Bool
    /// Who may open it.
    var group: String?
    /// Of the adapter's driver; nil when it has no such timer.
    var latencyMilliseconds: Int?
    /// Whether the kernel may switch the adapter off when it is idle; nil when that is not known.
    var mayAutosuspend: Bool?
    /// Programs that have it open, as far as this user can see.
    var heldBy: [String]
}

extension DeviceAccess {
    static var ofThisProcess: DeviceAccess {
        DeviceAccess(
            ports: PortFacts.measured,
            open: { address, rate in
                // A device in the middle of something is not left because of an impatient finger.
                Interruption.hold()
                return OpenedLine(address, rate)
            },
            deadMan: DeadManFacts.measured, tell: { _ = write($0, to: .errors) }, isWatched: isTerminal(.errors),
            isInterrupted: { Interruption.hasCome },
            ask: lineFromInput, save: replaceFile,
            stateFolder: {
                let state = environment("XDG_STATE_HOME") ?? environment("HOME").map { "\($0)/.local/state" }
                return state.map { "\($0)/understudy" }
            }, press: pressOnInput)
    }
}
