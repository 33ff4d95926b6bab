import Glibc
import TestSupport
import Testing

@testable import Threads

@Suite("What a punctual thread asks of Linux", .enabled(if: !Sanitizer.isPresent)) struct RealTimeTests {
    /// What the probe says, by its words.
    private func ask(_ prefix: String) throws -> [String: String] {
        let run = try ProcessRun.shell("\(prefix) ./ThreadsProbe")
        try #require(run.status == 0, "\(run.errors)")
        let words = run.output.split(whereSeparator: \.isWhitespace).map(String.init)
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: words.count - 1, by: 2).map { (words[$0], words[$0 + 1]) })
    }

    @Test("what it reports is what the kernel says, granted or refused")
    func truth() throws {
        let said = try ask("")
        #expect((said["priority"] == "granted") == (said["policy"] == "\(SCHED_FIFO)" && said["level"] == "11"))
        #expect((said["memory"] == "granted") == (said["locked"] != "0"))
        #expect(said["name"] == "probe-thread")
    }

    @Test("where nothing is allowed it says what was refused, and goes on as an ordinary thread")
    func refused() throws {
        let prefix =
            getuid() == 0 ? "ulimit -r 0; ulimit -l 0; setpriv --bounding-set=-all" : "ulimit -r 0; ulimit -l 0;"
        let said = try ask(prefix)
        #expect(said["priority"] == "\(EPERM)" && said["policy"] == "\(SCHED_OTHER)")
        #expect(said["memory"] == "\(EPERM)" && said["locked"] == "0")
        #expect(said["name"] == "probe-thread")
    }
}
