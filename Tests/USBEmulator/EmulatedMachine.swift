import CUSBEmulator
import Foundation
import Glibc
import Synchronization

/// A folder that a program under `libumockdev-preload.so.0` takes for /sys and /dev of its machine.
///
/// The program is unchanged, and so are libusb, libudev and libserialport in it: the preload library sends their calls on
/// files of devices to this process, which answers them.
public final class EmulatedMachine: Sendable {
    public let root: String
    private let sequence = Mutex(1_000)

    public init() throws {
        // Short: the path of a socket has at most 107 bytes.
        root = "/tmp/usb-\(UUID().uuidString.prefix(8))"
        for folder in ["sys/bus/usb/devices", "sys/class/tty", "dev", "ioctl/dev"] { try makeFolder(folder) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Whether programs of this build can be shown such a machine: the preload library is there, and the emulator's own
    /// threads are not taken for races. The address sanitizer gets along with both.
    public static var isAvailable: Bool {
        !cusbemulator_has_thread_sanitizer()
            && ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"].contains {
                FileManager.default.fileExists(atPath: "\($0)/libumockdev-preload.so.0")
            }
    }

    /// What a program needs in its environment to see this machine.
    public var environment: [String: String] {
        [
            "LD_PRELOAD": "libumockdev-preload.so.0", "UMOCKDEV_DIR": root, "PATH": "/usr/bin:/bin",
            // A program of tests must not add to the coverage of another build.
            "LLVM_PROFILE_FILE": "/dev/null",
        ]
    }

    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(root)/\(path)", withIntermediateDirectories: true)
    }

    func put(_ bytes: [UInt8], in path: String) throws {
        let file = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Attributes of sysfs end with a newline.
    func put(_ attributes: [String: String], in folder: String) throws {
        for (name, value) in attributes { try put(Array("\(value)\n".utf8), in: "\(folder)/\(name)") }
    }

    func link(_ path: String, to target: String) throws {
        let file = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: file.path)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
    }

    func remove(_ path: String) { try? FileManager.default.removeItem(atPath: "\(root)/\(path)") }

    /// Tells everybody who listens to udev, as its daemon does.
    func announce(_ message: UdevMessage) {
        let number = sequence.withLock { number in
            number += 1
            return number
        }
        let listeners = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        for name in listeners where name.hasPrefix("event") {
            // A program that has ended leaves its socket behind; then nobody hears this.
            _ = UnixSocket.send(message.bytes(number: number), to: "\(root)/\(name)")
        }
    }
}
