import Actuators
import Ports

/// Says on standard error how far a scan is: on a terminal in one line that is written over, else a line a rate.
final class ScanProgress {
    /// How many questions each part has.
    private let numbers: [Int]
    private var all = 0
    private let tell: (String) -> Void
    private let isWatched: Bool
    private let began = MonotonicInstant.now()
    private var saidAt = MonotonicInstant.past
    private var asked = 0
    private var place = ""
    private var isOpen = false

    init(_ numbers: [Int], _ devices: DeviceAccess) {
        self.numbers = numbers
        tell = devices.tell
        isWatched = devices.isWatched
    }

    func begin(part: Int) { all += numbers[part] }

    func begin(_ family: ServoFamily, _ rate: BaudRate?, _ ids: ClosedRange<UInt8>) {
        place = "\(family.rawValue)\(rate.map { ", \($0)" } ?? "")"
        if !isWatched { tell("asking \(ids.count) numbers: \(place); \(timeLeft)\n") }
    }

    func step(_ id: UInt8, found: Int) {
        asked = min(asked + 1, all)
        let now = MonotonicInstant.now()
        guard isWatched, now - saidAt > .milliseconds(100) else { return }
        saidAt = now
        isOpen = true
        tell("\r\u{1B}[Kasking number \(id): \(place); \(found) found here; \(timeLeft)")
    }

    func finish() {
        if isOpen { tell("\r\u{1B}[K") }
        isOpen = false
    }

    private var timeLeft: String {
        // Before anything was measured: how long a number takes that nobody has.
        let each = asked > 0 ? (MonotonicInstant.now() - began) / asked : ScanPatience.first
        let seconds = (each * (all - asked)).components.seconds
        return seconds < 1 ? "about a second left" : "about \(seconds + 1) s left"
    }
}
