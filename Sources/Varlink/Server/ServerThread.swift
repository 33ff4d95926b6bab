internal import Glibc

/// What a thread is started with; a class so that one pointer carries it.
private final class Errand: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
}

/// A thread of the system. Whoever lets go of it waits for its end.
struct ServerThread: ~Copyable, Sendable {
    private let thread: pthread_t

    /// nil when the system has no thread left.
    init?(_ work: @escaping @Sendable () -> Void) {
        let errand = unsafe Unmanaged.passRetained(Errand(work))
        var thread = pthread_t()
        // SAFETY: the one reference that is passed belongs to the thread.
        let code = unsafe pthread_create(
            &thread, nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().work()
                }
                return nil
            }, errand.toOpaque())
        guard code == 0 else {
            unsafe errand.release()
            return nil
        }
        self.thread = thread
    }

    deinit {
        // Once, here; from itself that is an error and no wait.
        pthread_join(thread, nil)
    }
}
