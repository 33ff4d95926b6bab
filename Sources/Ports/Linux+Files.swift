internal import Glibc

extension Linux {
    /// What is in a folder, by name; nothing when it cannot be read.
    static func names(in folder: String) -> [String] {
        // SAFETY: the folder is closed on every way out, and an entry is copied before the next one is asked for.
        guard let open = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(open) }
        var names: [String] = []
        while let entry = unsafe readdir(open) {
            // SAFETY: the kernel ends every name with a zero inside its field.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Where a path leads when every link in it is followed; nil when it leads nowhere.
    static func resolved(_ path: String) -> String? {
        // SAFETY: the answer is ours to free, and copied before that.
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The first line of a small file, for the attributes of devices.
    static func line(of path: String) -> String? {
        // SAFETY: the string outlives the call, which keeps no pointer.
        let file = Descriptor(unsafe open(path, O_RDONLY | O_CLOEXEC))
        guard file.number >= 0 else { return nil }
        // Room for the longest text of a USB device: 126 letters.
        var bytes = InlineArray<512, UInt8>(repeating: 0)
        var room = bytes.mutableSpan
        let count = read(file.number, into: &room)
        return count < 0 ? nil : String(decoding: (0..<count).map { bytes[$0] }.prefix { $0 != 10 }, as: UTF8.self)
    }

    /// Whether an attribute of a device took the text.
    static func write(_ text: String, toAttribute path: String) -> Bool {
        // SAFETY: the string outlives the call, which keeps no pointer.
        let file = Descriptor(unsafe open(path, O_WRONLY | O_TRUNC | O_CLOEXEC))
        let bytes = Array(text.utf8)
        return file.number >= 0 && write(file.number, bytes.span, toSocket: false) == bytes.count
    }

    static func remove(_ path: String) {
        // SAFETY: the string outlives the call, which keeps no pointer.
        unsafe unlink(path)
    }

    static func permission(of path: String) -> PortPermission {
        var found = stat()
        // SAFETY: the strings outlive the calls, and the second one fills a variable that outlives it.
        let (canRead, canWrite, isThere) = unsafe (access(path, R_OK) == 0, access(path, W_OK) == 0, stat(path, &found))
        return PortPermission(canRead: canRead, canWrite: canWrite, group: isThere == 0 ? found.st_gid : nil)
    }
}
