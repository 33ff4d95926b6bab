import Glibc
import Threads

// Asks for what a punctual thread needs, in a process of its own, and says what it was told and what is true:
//
//   priority REFUSED|granted memory REFUSED|granted policy NUMBER level NUMBER locked KIB name NAME

@main
enum Probe {
    static func main() {
        guard let thread = HostThread({ report() }) else { exit(1) }
        let line = thread.join()
        print(line)
    }

    private static func report() -> String {
        let rights = RealTimeRights.claim(priority: 11, name: "probe-thread")
        var level = sched_param()
        var policy: Int32 = -1
        // SAFETY: both outlive the call, which only writes them.
        unsafe pthread_getschedparam(pthread_self(), &policy, &level)
        return "priority \(word(rights.priorityRefused)) memory \(word(rights.memoryRefused)) policy \(policy) "
            + "level \(level.sched_priority) locked \(locked) name \(name)"
    }

    private static func word(_ refused: Int32?) -> String { refused.map { "\($0)" } ?? "granted" }

    /// What the kernel has locked of this process, in KiB.
    private static var locked: String {
        let line = text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("VmLck:") }
        return line?.split(separator: " ").dropFirst().first.map(String.init) ?? "?"
    }

    private static var name: String {
        text("/proc/thread-self/comm").split(separator: "\n").first.map(String.init) ?? "?"
    }

    private static func text(_ path: String) -> String {
        // SAFETY: a string lends its bytes for the call, and the array has room for what is asked for.
        let descriptor = unsafe open(path, O_RDONLY)
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
