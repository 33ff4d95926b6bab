import Ports
import Testing

@Suite struct PipedProcessTests {
    private func echo() throws -> PipedProcess {
        try PipedProcess("sh", ["-c", "exec cat requests > answers"], pipes: ["requests", "answers"])
    }

    private func soon() -> MonotonicInstant { .now() + .seconds(30) }

    @Test("what is written to a program's pipe is heard there, and what it says is read")
    func talks() throws {
        let process = try echo()
        let bytes: [UInt8] = [1, 0, 255, 10]
        try process.write(bytes.span, to: 0)
        let first = try process.read(3, from: 1, by: soon())
        let rest = try process.read(1, from: 1, by: soon())
        #expect(first + rest == bytes)
        let hasEnded = process.hasEnded
        #expect(!hasEnded)
    }

    @Test("nothing said by the deadline is a time-out, a program that has ended is gone")
    func silent() throws {
        var process = try echo()
        var trouble: PortError?
        do throws(PortError) { _ = try process.read(1, from: 1, by: .now() + .milliseconds(10)) } catch {
            trouble = error
        }
        #expect(trouble == .timedOut(transferred: 0))
        process.end()
        process.end()
        do throws(PortError) { _ = try process.read(1, from: 1, by: soon()) } catch { trouble = error }
        #expect(trouble == .hungUp(transferred: 0))
    }

    @Test("a program that is not there is gone at once, and says nothing")
    func missing() throws {
        let process = try PipedProcess("no-such-program-of-ours", [], pipes: ["answers"])
        var trouble: PortError?
        do throws(PortError) { _ = try process.read(1, from: 0, by: soon()) } catch { trouble = error }
        #expect(trouble == .hungUp(transferred: 0))
    }

    @Test("a path is whole for a program in another folder")
    func paths() {
        #expect(PipedProcess.whole("/proc/self/../self/cwd/.") == PipedProcess.whole("."))
        #expect(PipedProcess.whole("no such file") == "no such file")
    }
}
