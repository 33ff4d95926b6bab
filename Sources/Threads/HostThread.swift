internal import Glibc
internal import Synchronization

/// Asked once, heard by the thread soon after.
public final class StopRequest: Sendable {
    private let asked = Atomic(false)

    public init() {}

    public var isAsked: Bool { asked.load(ordering: .acquiring) }

    public func ask() { asked.store(true, ordering: .releasing) }
}

/// What a thread is started with, and what it leaves behind; a class so that one pointer carries it.
private class Errand {
    func run() {}
}

private final class ErrandFor<Result>: Errand {
    private let work: () -> Result
    private(set) var result: Result?

    init(_ work: @escaping () -> Result) { self.work = work }

    override func run() { result = work() }
}

/// A thread that gives something back when it ends. Whoever lets go of it waits for that. It starts as an ordinary one,
/// even when a real-time thread starts it.
public struct HostThread<Result: Sendable>: ~Copyable, Sendable {
    private let thread: pthread_t

    /// nil when the system has no thread left.
    public init?(_ work: sending @escaping () -> Result) {
        var attributes = pthread_attr_t()
        // SAFETY: the calls only touch the attributes, which outlive the start of the thread.
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
        defer { unsafe pthread_attr_destroy(&attributes) }
        let errand = unsafe Unmanaged<Errand>.passRetained(ErrandFor(work))
        var thread = pthread_t()
        // SAFETY: the one reference that was passed belongs to the thread until it ends, and then to who joins it; the
        // two never hold it at the same time.
        let code = unsafe pthread_create(
            &thread, &attributes,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Errand>.fromOpaque(context).takeUnretainedValue().run()
                }
                return unsafe context
            }, errand.toOpaque())
        guard code == 0 else {
            unsafe errand.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end.
    public consuming func join() -> Result {
        let thread = thread
        discard self
        guard let result = Self.end(of: thread) else { preconditionFailure("a thread ended without its result") }
        return result
    }

    deinit { _ = Self.end(of: thread) }

    private static func end(of thread: pthread_t) -> Result? {
        var context: UnsafeMutableRawPointer?
        // SAFETY: the thread returns the reference it was started with, which nobody else holds any more.
        guard unsafe pthread_join(thread, &context) == 0, let context = unsafe context else { return nil }
        let errand = unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue()
        return (errand as? ErrandFor<Result>)?.result
    }
}
