import CUSBEmulator
import Glibc

/// A pseudo terminal that stands in for the file of a device: `poll` on it answers what the device's own file would.
struct TerminalPair {
    let master: Int32
    /// Kept open, so that the settings stay and the master reports no hang-up.
    let slave: Int32
    let path: String

    init() throws {
        var (master, slave): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 64)
        // SAFETY: two numbers and a text that ends with zero are written to memory that outlives the call.
        let status = unsafe cusbemulator_terminal(&master, &slave, &name, name.count)
        guard status == 0 else { throw UnixSocket.Trouble(code: -status) }
        path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        (self.master, self.slave) = (master, slave)
    }

    /// Whether the slave may be written to: what `poll` says of usbfs when a transfer has ended.
    func setWritable(_ isWritable: Bool) { tcflow(slave, isWritable ? TCOON : TCOOFF) }

    /// From now on the slave reports a hang-up and an error, as the file of a device that is gone.
    func hangUp() {
        close(master)
        // A program that is just being started has a copy of the master for a moment, and until then nothing hangs up.
        var entry = pollfd(fd: slave, events: 0, revents: 0)
        // SAFETY: the entry outlives the call, which waits for a hang-up: nothing else was asked for.
        _ = unsafe poll(&entry, 1, 60_000)
        close(slave)
    }
}
