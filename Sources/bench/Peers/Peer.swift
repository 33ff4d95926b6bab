import Glibc
import Ports

/// Another program that does the same work when its turn comes, and waits meanwhile: one line is a question, and one line
/// with the numbers of a round the answer. Before the first question it says what it is, or why it is not there.
@safe final class Peer {
    let words: String
    /// As it says itself, with its version.
    private(set) var what = ""
    private(set) var isThere = false
    private let questions: Int32
    private let answers: UnsafeMutablePointer<FILE>?

    /// - Parameter command: what the words are handed to.
    init(_ command: String, _ words: String) {
        self.words = words
        var ends: [Int32] = [-1, -1]
        // SAFETY: there is room for two numbers.
        guard unsafe pipe(&ends) == 0 else { preconditionFailure("no pipe: \(errno)") }
        // Who is started later must not hold the end that is written to, or nobody would ever see its close.
        _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
        questions = ends[1]
        // SAFETY: the strings outlive the calls; the stream is closed when the peer is dropped.
        unsafe answers = popen("exec \(command) \(words) < /proc/self/fd/\(ends[0])", "r")
        close(ends[0])
        let line = unsafe Self.line(answers) ?? "absent: it said nothing"
        isThere = !line.hasPrefix("absent: ")
        what = isThere ? line : String(line.dropFirst(8))
    }

    deinit {
        close(questions)
        // SAFETY: the call that opened its kind opened it, and nobody uses it any more.
        if let answers = unsafe answers { unsafe pclose(answers) }
    }

    /// The numbers of one round; none when it is gone.
    func round() -> [Double] {
        // SAFETY: one byte is there.
        guard isThere, unsafe write(questions, [10] as [UInt8], 1) == 1 else { return [] }
        return unsafe Self.numbers(Self.line(answers))
    }

    /// How many seconds somebody took from being started to its first line, and the numbers on it.
    static func alone(_ command: String) -> (seconds: Double, numbers: [Double]) {
        let began = MonotonicInstant.now()
        // SAFETY: the string outlives the call; the stream is closed by the call that opened its kind.
        let stream = unsafe popen("exec \(command)", "r")
        let said = unsafe line(stream)
        let took = MonotonicInstant.now() - began
        if let stream = unsafe stream { unsafe pclose(stream) }
        return (took / .seconds(1), numbers(said))
    }

    @unsafe private static func line(_ stream: UnsafeMutablePointer<FILE>?) -> String? {
        var line = [CChar](repeating: 0, count: 1_024)
        // SAFETY: the stream is open, and the line is as long as it says.
        guard let stream = unsafe stream, unsafe fgets(&line, Int32(line.count), stream) != nil else { return nil }
        return String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func numbers(_ line: String?) -> [Double] {
        (line ?? "").split(separator: " ").compactMap { Double($0) }
    }
}
