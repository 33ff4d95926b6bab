import Glibc
import Ports

// Looking at serial ports without opening one: opening can reset the board behind it.

extension PortFacts {
    static func measured() -> Result<[PortFacts], PortError> {
        do throws(PortError) {
            let holders = HeldFiles.seen()
            return .success(try SerialPorts.all().map { PortFacts($0, holders) })
        } catch {
            return .failure(error)
        }
    }

    private init(_ port: SerialPortInfo, _ holders: HeldFiles) {
        let identity = port.identity?.description
        let names = port.links.map { "/dev/serial/by-id/\($0)" } + port.places.map { "/dev/serial/by-path/\($0)" }
        let terminal = port.path.split(separator: "/").last.map(String.init) ?? ""
        let folder = "/sys/class/tty/\(terminal)/device"
        self.init(
            path: port.path, identity: identity, aliases: names.filter { $0 != identity },
            device: port.usb.map { [$0.maker, $0.model].compactMap { $0 }.joined(separator: " ") },
            vendor: port.usb.map { fourDigits($0.vendor) }, product: port.usb.map { fourDigits($0.product) },
            mayUse: port.permission.canRead && port.permission.canWrite,
            group: port.permission.group.map(groupName),
            latencyMilliseconds: firstLine(of: "\(folder)/latency_timer").flatMap { Int($0) },
            mayAutosuspend: port.usb == nil ? nil : PortFacts.mayAutosuspend(folder),
            heldBy: holders.holders(of: port.path))
    }

    /// The nearest folder above that belongs to a USB device says whether it may sleep.
    private static func mayAutosuspend(_ folder: String) -> Bool? {
        var place = folder
        for _ in 0..<4 {
            if firstLine(of: "\(place)/idVendor") != nil {
                return firstLine(of: "\(place)/power/control").map { $0 == "auto" }
            }
            place += "/.."
        }
        return nil
    }
}

private func fourDigits(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
}

/// The name of a group, or its number where it has none.
func groupName(_ group: UInt32) -> String {
    // SAFETY: the entry is valid until the next such call, and its name is copied at once; the door has one thread.
    unsafe getgrgid(group).map { unsafe String(cString: $0.pointee.gr_name) } ?? "\(group)"
}

/// Which processes have which device open: those of this user, or all for root.
struct HeldFiles {
    private var holders: [String: [String]] = [:]

    static func seen() -> HeldFiles {
        var seen = HeldFiles()
        for process in namesInFolder("/proc") ?? [] where process.allSatisfy(\.isNumber) {
            let open = (namesInFolder("/proc/\(process)/fd") ?? []).compactMap {
                target(of: "/proc/\(process)/fd/\($0)")
            }
            for path in Set(open) where path.hasPrefix("/dev/tty") {
                let name = firstLine(of: "/proc/\(process)/comm") ?? "a program"
                seen.holders[path, default: []].append("\(name) (\(process))")
            }
        }
        return seen
    }

    func holders(of path: String) -> [String] { holders[path] ?? [] }

    private static func target(of link: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        // SAFETY: the call writes at most as many bytes as the array has.
        let count = unsafe bytes.withUnsafeMutableBytes { room in
            guard let start = room.baseAddress else { return 0 }
            return unsafe readlink(link, start.assumingMemoryBound(to: CChar.self), room.count)
        }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
