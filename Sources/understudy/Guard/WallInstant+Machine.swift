import Glibc
import Episodes

extension WallInstant {
    /// By the clock of this machine.
    static var ofThisMachine: WallInstant {
        var time = timespec()
        // SAFETY: the call fills the one value that it is given.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallInstant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
