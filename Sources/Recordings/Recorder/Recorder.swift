internal import Synchronization
public import Threads

/// Writes what comes out of a ring into a new file, on a thread of its own.
///
/// The start of the file (who, what, with what) is on the disk before this comes back, so a recording that cannot be made
/// is known before anything moves. Whoever lets go of a recorder finishes its recording.
public struct Recorder: ~Copyable, Sendable {
    private let status: RecorderStatus
    private var thread: HostThread<RecordingOutcome>?

    public init<Entry: Sendable>(
        _ path: String, layout: RecordingLayout<Entry>, from entries: consuming RingConsumer<Entry>,
        opening: RecordingExtras = RecordingExtras(), settings: RecorderSettings = .usual
    ) throws(RecordingError) {
        let status = RecorderStatus()
        let loop = try RecorderLoop(path, layout, entries, opening, settings, status)
        guard let thread = HostThread({ loop.run() }) else { throw .noThread }
        self.status = status
        self.thread = consume thread
    }

    /// How it goes, from any thread.
    public var health: RecorderHealth { status.health }

    /// Writes what is left and the end of the file, syncs it, and reads it back for its hash.
    public consuming func finish(with extras: RecordingExtras = RecordingExtras()) -> RecordingOutcome {
        status.ask(extras)
        guard let outcome = thread.take()?.join() else { preconditionFailure("a recorder is finished once") }
        return outcome
    }

    deinit { status.ask(RecordingExtras()) }
}

/// How a recorder goes while it runs.
public struct RecorderHealth: Equatable, Sendable {
    /// Messages that the system has.
    public let messages: UInt64
    /// Entries that found the ring full.
    public let dropped: UInt64
    /// Whether nothing more is written, because writing failed.
    public let hasFailed: Bool
}

/// What the recorder's thread and its owner tell each other.
final class RecorderStatus: Sendable {
    private final class Request: Sendable {
        let extras: RecordingExtras
        init(_ extras: RecordingExtras) { self.extras = extras }
    }

    private let request = AtomicLazyReference<Request>()
    private let messages = Atomic<UInt64>(0)
    private let dropped = Atomic<UInt64>(0)
    private let hasFailed = Atomic(false)

    /// The first to ask is heard.
    func ask(_ extras: RecordingExtras) { _ = request.storeIfNil(Request(extras)) }

    /// What the recording is to end with; nil while it is to go on.
    var asked: RecordingExtras? { request.load()?.extras }

    func report(messages: UInt64, dropped: UInt64, hasFailed: Bool) {
        self.messages.store(messages, ordering: .relaxed)
        self.dropped.store(dropped, ordering: .relaxed)
        self.hasFailed.store(hasFailed, ordering: .releasing)
    }

    var health: RecorderHealth {
        RecorderHealth(
            messages: messages.load(ordering: .relaxed), dropped: dropped.load(ordering: .relaxed),
            hasFailed: hasFailed.load(ordering: .acquiring))
    }
}
