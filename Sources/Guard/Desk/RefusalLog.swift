public import Episodes
public import Ports

/// Which refusals become entries of the ledger now. Each kind at once the first time; what repeats itself within some
/// seconds is counted and becomes one more entry, so that nobody fills the disk with what he may not do.
public struct RefusalLog: Sendable {
    public struct Kind: Hashable, Sendable {
        public let asked: String
        public let user: UInt32
        public let why: String
    }

    public struct Entry: Equatable, Sendable {
        public let asked: String
        public let author: Author
        public let why: String
    }

    private struct Count {
        var author: Author
        var repeats = 0
        let since: MonotonicInstant
    }

    private var counts: [Kind: Count] = [:]
    private let span = Duration.seconds(10)
    /// Who thinks of ever new things to be refused is counted as one kind.
    private let mostKinds = 256

    public init() {}

    /// The entry to write now, if this refusal is one.
    public mutating func note(
        _ asked: String, of author: Author, why: String, at now: MonotonicInstant
    ) -> Entry? {
        var kind = Kind(asked: asked, user: author.userNumber, why: why)
        if counts[kind] == nil, counts.count >= mostKinds { kind = Kind(asked: "", user: 0, why: "") }
        if counts[kind] != nil {
            counts[kind]?.repeats += 1
            return nil
        }
        counts[kind] = Count(author: author, since: now)
        return Entry(asked: asked, author: author, why: why)
    }

    /// What has been counted for long enough.
    public mutating func due(at now: MonotonicInstant) -> [Entry] {
        let over = counts.filter { now - $0.value.since >= span }
        for kind in over.keys { counts[kind] = nil }
        return over.filter { $0.value.repeats > 0 }.map { kind, count in
            let asked = kind.asked.isEmpty ? "many things" : kind.asked
            return Entry(asked: asked, author: count.author, why: "\(count.repeats) times more: \(kind.why)")
        }.sorted { $0.asked < $1.asked }
    }
}
