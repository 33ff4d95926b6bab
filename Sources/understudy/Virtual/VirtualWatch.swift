import Glibc
import Ports
import VirtualRobot

/// What goes on in the foreground while a virtual robot runs on its own thread: pictures, keys and the side channel.
struct VirtualWatch: ~Copyable {
    /// Twenty pictures a second look like motion.
    private static let turn = Duration.milliseconds(50)

    private let control: HostControl
    private var side: ControlSocket?
    private var console: Console?
    /// Whether lines of text are wanted in place of pictures.
    private let writesLines: Bool
    private var keys = ViewKeys()
    private var shown: RobotSnapshot?
    private var lastLine = MonotonicInstant.past

    /// - Parameter isTerminal: whether pictures can be shown; without that there is a line every second.
    init(_ control: HostControl, side: consuming ControlSocket?, hasView: Bool, isTerminal: Bool) throws(PortError) {
        self.control = control
        self.side = side
        console = hasView && isTerminal ? try Console(input: isatty(0) == 1 ? 0 : 1, output: 1) : nil
        writesLines = hasView && !isTerminal
    }

    /// Goes on until somebody wants it to end.
    mutating func run(in surroundings: Surroundings) {
        while !surroundings.devices.isInterrupted() {
            let snapshot = control.look()
            shown = snapshot ?? shown
            side?.serve(control, snapshot)
            if let shown, writesLines { writeLine(shown, surroundings) }
            guard drawAndListen(surroundings.output) else { return }
        }
    }

    private mutating func writeLine(_ snapshot: RobotSnapshot, _ surroundings: Surroundings) {
        guard MonotonicInstant.now() - lastLine >= .seconds(1) else { return }
        lastLine = .now()
        surroundings.say(RobotPicture(snapshot: snapshot).line + "\n")
    }

    /// Waits for the next turn; false when somebody typed that it is enough, or the terminal is gone.
    private mutating func drawAndListen(_ style: Style) -> Bool {
        let end = MonotonicInstant.now() + Self.turn
        let typed: [UInt8]?
        switch console {
        case .none:
            usleep(50_000)
            return true
        case .some(let console): typed = Self.turn(console, shown, keys.message, style, until: end)
        }
        guard let typed else { return false }
        // A terminal without keys answers at once.
        if typed.isEmpty, MonotonicInstant.now() < end { usleep(20_000) }
        return typed.allSatisfy { press($0) }
    }

    private static func turn(
        _ console: borrowing Console, _ shown: RobotSnapshot?, _ message: String, _ style: Style,
        until end: MonotonicInstant
    ) -> [UInt8]? {
        do throws(PortError) {
            if let shown {
                let lines = RobotPicture(snapshot: shown, message: message, style: style).lines(in: console.size)
                try console.show("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
            }
            return try console.keys(by: end)
        } catch { return nil }
    }

    private mutating func press(_ key: UInt8) -> Bool {
        let (isStopped, isHeld) = (shown?.isEmergencyStopped ?? false, shown?.isDeadManHeld ?? true)
        switch keys.press(key, isStopped: isStopped, isHeld: isHeld) {
        case .command(let command):
            control.ask(command)
            return true
        case .quit: return false
        case nil: return true
        }
    }
}
