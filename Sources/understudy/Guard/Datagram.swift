import Glibc

/// Short messages to services of this machine that listen on a socket: systemd and its journal. Never waits, and a
/// service that is not there is none of ours.
struct Datagram {
    let path: String

    func send(_ text: String) {
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // An abstract socket begins with a zero byte, for which `@` stands.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard name.count < room else { return }
        // SAFETY: fewer bytes than the field has are written into it.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let bytes = Array(text.utf8)
        // SAFETY: address and bytes outlive the call, which only reads them.
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe withUnsafePointer(to: &address) { address in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    _ = unsafe sendto(
                        socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL),
                        address, length)
                }
            }
        }
    }
}

/// What systemd is told about this service, by `sd_notify`'s protocol; outside of systemd nothing happens.
struct ServiceManager {
    private let socket: Datagram?
    /// How often it is told that all is well; nil when it does not watch.
    let watchdog: Duration?
    /// Four times as often as it wants to hear: the last word may be one such pause old when the loop begins to wait for
    /// devices that do not answer, and after that wait the next one must still be in time.
    static let share = 4

    init(_ environment: (String) -> String?) {
        socket = environment("NOTIFY_SOCKET").map { Datagram(path: $0) }
        let isOurs = environment("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        let span = isOurs ? environment("WATCHDOG_USEC").flatMap { Int64($0) } : nil
        watchdog = span.map { .microseconds($0 / Int64(Self.share)) }
    }

    func tell(_ words: String...) { socket?.send(words.joined(separator: "\n")) }
}

/// The journal, with fields that it can be searched by. Without a journal the line goes to standard error.
struct Journal {
    private let socket: Datagram?
    private let fields: [String]
    private let tell: (String) -> Void

    init(robot: String, _ environment: (String) -> String?, tell: @escaping (String) -> Void) {
        socket = environment("JOURNAL_STREAM") == nil ? nil : Datagram(path: "/run/systemd/journal/socket")
        fields = ["SYSLOG_IDENTIFIER=understudy-guard", "UNDERSTUDY_ROBOT=\(robot)"]
        self.tell = tell
    }

    /// - Parameters:
    ///   - priority: as syslog has it: 3 error, 4 warning, 5 notice, 6 information.
    func write(_ message: String, priority: Int = 6, _ more: [(String, String)] = []) {
        guard let socket else { return tell("understudy guard: \(message)\n") }
        let line = { (text: String) in text.split(whereSeparator: \.isNewline).joined(separator: " ") }
        let all =
            ["MESSAGE=\(line(message))", "PRIORITY=\(priority)"] + fields + more.map { "\($0.0)=\(line($0.1))" }
        socket.send(all.joined(separator: "\n") + "\n")
    }
}
