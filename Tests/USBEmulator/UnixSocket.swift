import CUSBEmulator
import Foundation
import Glibc

/// The few calls on Unix sockets that an emulated machine needs.
enum UnixSocket {
    struct Trouble: Error { let code: Int32 }

    private static func withAddress<Result>(of path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result)
        -> Result
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // SAFETY: the path is cut to what the field holds; the address outlives the call.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: Array(path.utf8.prefix($0.count - 1)))
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    static func listen(at path: String) throws(Trouble) -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw Trouble(code: errno) }
        // SAFETY: the address is only read.
        let status = unsafe withAddress(of: path) { unsafe bind(listener, $0, $1) }
        guard status == 0, Glibc.listen(listener, 16) == 0 else {
            let trouble = Trouble(code: errno)
            close(listener)
            throw trouble
        }
        return listener
    }

    /// Serves whoever connects, each on a thread of its own, until the listener is shut down.
    static func serve(_ listener: Int32, _ serve: @escaping @Sendable (Int32) -> Void) {
        Thread.detachNewThread {
            while case let descriptor = cusbemulator_accept(listener), descriptor >= 0 {
                Thread.detachNewThread {
                    serve(descriptor)
                    close(descriptor)
                }
            }
            close(listener)
        }
    }

    /// Sends one message to a socket that keeps messages apart.
    static func send(_ bytes: [UInt8], to path: String) -> Bool {
        let sender = socket(AF_UNIX, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(sender) }
        // SAFETY: bytes and address are only read.
        return unsafe withAddress(of: path) { unsafe sendto(sender, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
            >= 0
    }
}
