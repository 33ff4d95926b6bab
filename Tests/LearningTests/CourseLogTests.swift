import Learning
import Testing

@Suite struct CourseLogTests {
    private let head = CourseLog.Head(
        robot: "pendulum \"two\"", run: .max, method: .rehearse, tickSeconds: 0.005, horizon: 1_000)

    /// One of everything that can be noted.
    private static let events: [Course.Note.Event] = [
        .looked, .refined(before: 0.3, after: 0.1), .rehearsed(modelWorthBefore: -0.9, after: -0.4),
        .accepted(evidence: 40), .rejected(evidence: 41), .undecided, .handedOver(strikes: 2),
        .estimated(effectiveEpisodes: 17.5, gain: Interval(0.1, low: -0.1, high: 0.3)),
        .stepped(varianceRatio: 2.5, correlation: Interval(0.8, low: 0.7, high: 0.9), coefficient: -0.6, factor: 0.5),
        .stepped(varianceRatio: 1, correlation: nil, coefficient: 0, factor: 1), .divergedStep,
        .held(evidence: 23), .wentBack(evidence: 24),
        .stoppedBuying(.goalReached), .stoppedBuying(.notWorthIt),
    ]

    private var entries: [CourseLog.Entry] {
        [
            .init(episode: 7, realEpisodes: 1, robotSeconds: 5, worth: -0.75, phase: .look),
            .init(
                episode: .max, realEpisodes: 2, robotSeconds: 9.25, worth: 0.1, phase: .check, isCandidate: true,
                notes: Self.events.enumerated().map { .init(episodes: $0.offset, worth: -0.5, event: $0.element) },
                purchase: Purchase(
                    .check, taken: 1, of: 6, freePerReal: 10, cost: 1.5, gain: Interval(0.2, low: -0.2, high: 0.6),
                    needed: 3, isWorthIt: true), recording: "episode-7.mcap", fault: 13,
                policy: "0011223344556677", kept: "8899aabbccddeeff"),
            .init(
                episode: 9, realEpisodes: 3, robotSeconds: 14, worth: 2, phase: .climb,
                purchase: Purchase(
                    .climb, taken: 0, of: 8, freePerReal: 0, cost: 0, gain: nil, needed: nil, isWorthIt: nil)),
        ]
    }

    @Test("what was written is read, to the last bit, and a line a crash cut off is left out")
    func written() throws {
        let log = CourseLog(head, entries)
        #expect(try CourseLog(decoding: log.encoded) == log)
        for lost in 1..<40 {
            let cut = try CourseLog(decoding: Array(log.encoded.dropLast(lost)))
            #expect(cut.entries == Array(entries.dropLast()))
        }
    }

    @Test("a number that is none comes back as none, and members of a later version do no harm")
    func odd() throws {
        let entry = CourseLog.Entry(episode: 1, realEpisodes: 1, robotSeconds: 1, worth: .nan, phase: .look)
        #expect(try CourseLog(decoding: CourseLog(head, [entry]).encoded).entries[0].worth.isNaN)
        let text = String(decoding: CourseLog(head, [entries[0]]).encoded, as: UTF8.self)
        let later = text.replacing("\"phase\"", with: "\"mood\":[1],\"phase\"")
        #expect(try CourseLog(decoding: Array(later.utf8)).entries == [entries[0]])
    }

    @Test("a damaged line, a missing member, another version and nothing at all are told apart")
    func damaged() throws {
        let text = String(decoding: CourseLog(head, entries).encoded, as: UTF8.self)
        func problem(_ text: String) -> CourseLog.Problem? {
            do throws(CourseLog.Problem) { _ = try CourseLog(decoding: Array(text.utf8)) } catch { return error }
            return nil
        }
        #expect(problem("") == .empty && problem("{}") == .empty)
        #expect(problem("{}\n") == .missing(line: 1, key: "course"))
        #expect(problem(text.replacing("\"course\":1", with: "\"course\":2")) == .unknownVersion(2))
        #expect(
            problem(text.replacing("\"phase\":\"check\"", with: "\"phase\":\"rest\""))
                == .missing(line: 3, key: "phase"))
        #expect(
            problem(text.replacing("\"event\":\"looked\"", with: "\"event\":\"slept\""))
                == .missing(line: 3, key: "event"))
        guard case .json(line: 3, _) = problem(text.replacing("\"notes\":[", with: "\"notes\":(")) else {
            Issue.record("a damaged line is read")
            return
        }
    }
}
