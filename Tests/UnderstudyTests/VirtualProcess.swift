import Foundation
import Glibc
import Ports
import Synchronization
import TestSupport

/// `understudy virtual` as a process of its own, in a folder of its own that is looked at when it has ended.
final class VirtualProcess: Sendable {
    let folder: String
    private let ended = Atomic(false)
    private let outcome = Mutex<Result<ProcessRun, any Error>?>(nil)

    /// - Parameter words: behind the verb; `HERE` stands for the folder.
    /// - Parameter terminal: what the process has for its input and output; nil for files.
    /// - Parameter verb: another one than `virtual`.
    init(_ words: String, terminal: String? = nil, verb: String = "virtual") throws {
        let folder = "/tmp/virtual-\(UUID().uuidString.prefix(8))"
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ends = terminal.map { "<\($0) >\($0)" } ?? ">\(folder)/said"
        let words = words.replacing("HERE", with: folder)
        let script = "echo $$ >\(folder)/pid; exec ./understudy \(verb) \(words) \(ends)"
        let thread = Thread { [self] in
            let result = Result { try ProcessRun.shell(script, environment: ["SWIFT_BACKTRACE": "enable=no"]) }
            outcome.withLock { $0 = result }
            ended.store(true, ordering: .releasing)
        }
        thread.start()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func text(_ name: String) -> String? {
        (try? FileHandle(forReadingFrom: URL(filePath: "\(folder)/\(name)")))
            .flatMap { try? $0.readToEnd() }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What it has said so far.
    var said: String { text("said") ?? "" }

    /// What it prints first: where it can be reached.
    func port() throws -> String {
        try waited { self.said.firstIndex(of: "\n").map { String(self.said[..<$0]) } }
    }

    /// Waits for something, with the patience that a loaded machine needs.
    func waited<Thing>(_ what: () throws -> Thing?) throws -> Thing {
        let end = MonotonicInstant.now() + .seconds(60)
        while MonotonicInstant.now() < end {
            if let thing = try what() { return thing }
            usleep(2_000)
        }
        throw VirtualProcessTrouble.neverCame
    }

    private func pid() throws -> pid_t {
        try waited { self.text("pid").flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }
    }

    func signal(_ number: Int32) throws { kill(try pid(), number) }

    /// Takes away what it has started, such as the emulator of its board.
    func endChildren() throws {
        let own = try pid()
        let children = try String(contentsOfFile: "/proc/\(own)/task/\(own)/children", encoding: .utf8)
        for child in children.split(separator: " ").compactMap({ pid_t($0) }) { kill(child, SIGKILL) }
    }

    var hasEnded: Bool { ended.load(ordering: .acquiring) }

    /// Waits for its end. Throws with its wait status when a signal ended it.
    func end() throws -> ProcessRun {
        _ = try waited { self.ended.load(ordering: .acquiring) ? true : nil }
        guard let result = outcome.withLock({ $0 }) else { throw VirtualProcessTrouble.neverCame }
        return try result.get()
    }

    /// What lies in its folder beside what the test itself has put there.
    var leftovers: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0 != "pid" && $0 != "said" }.sorted()
    }
}

/// What a process should have done, and never did.
enum VirtualProcessTrouble: Error { case neverCame, otherVerb }
