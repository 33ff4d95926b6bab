internal import CLinux

/// What a thread that must not be late asks of Linux, and what it got.
public struct RealTimeRights: Equatable, Sendable {
    /// The errno of what was refused; nil for what was granted.
    public let priorityRefused: Int32?
    public let memoryRefused: Int32?

    public var isComplete: Bool { priorityRefused == nil && memoryRefused == nil }

    /// Asks for the calling thread, which goes on without what it does not get.
    ///
    /// - Parameter name: at most 15 bytes; what `top` and the journal show.
    public static func claim(priority: Int32, name: String) -> RealTimeRights {
        clinux_touch_stack()
        // SAFETY: the string outlives the call, which copies it.
        _ = unsafe clinux_name_thread(name)
        let priority = clinux_run_first(priority)
        let memory = clinux_keep_memory()
        return RealTimeRights(
            priorityRefused: priority < 0 ? -priority : nil, memoryRefused: memory < 0 ? -memory : nil)
    }
}
