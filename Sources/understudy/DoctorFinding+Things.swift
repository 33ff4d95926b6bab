import Robots

// Judging of what a robot needs beside time: room, wires, files.

extension DiskFacts {
    static func finding(_ disk: DiskFacts?, _ wanted: String) -> DoctorFinding {
        let reason = "an episode that cannot be recorded must not run"
        guard let disk else {
            let fix = "check the path that --state gives"
            return DoctorFinding("disk", .fail, "'\(shown(wanted))' could not be looked at", because: reason, fix: fix)
        }
        let isThere = disk.found == disk.wanted
        let place = shown(disk.found) + (isThere ? "" : " (\(shown(disk.wanted)) does not exist yet)")
        let found = "\(inMebibytes(disk.freeBytes)) free at \(place)"
        let status: DoctorFinding.Status =
            disk.freeBytes < 100 << 20 ? .fail : disk.freeBytes < 2 << 30 ? .warn : .ok
        return DoctorFinding(
            "disk", status, found, because: reason, fix: "make room for 2 GiB, or give --state elsewhere")
    }
}

extension SerialFacts {
    func finding(for user: String) -> DoctorFinding {
        let reason = "servos and boards hang on a serial adapter that the guard opens for reading and writing"
        guard !devices.isEmpty else { return withoutDevice(user, reason) }
        let lines = devices.map { device in
            let owner = device.group.map { " (group \($0))" } ?? ""
            return "\(quoted(device.name))\(device.mayUse ? "" : " may not be opened")\(owner)"
        }
        let found = lines.joined(separator: ", ")
        guard let locked = devices.first(where: { !$0.mayUse }) else {
            return DoctorFinding("serial devices", .ok, found, because: reason)
        }
        return DoctorFinding(
            "serial devices", .warn, found, because: reason, fix: join(locked.group ?? "dialout", user))
    }

    private func withoutDevice(_ user: String, _ reason: String) -> DoctorFinding {
        let none = "none is plugged in: /dev/serial/by-id is empty or missing"
        switch isInDialout {
        case true?:
            let found = "\(none); \(user) may use one"
            return DoctorFinding("serial devices", .warn, found, because: reason, fix: "plug in the robot's adapter")
        case false?:
            let found = "\(none); \(user) is not in the group dialout"
            return DoctorFinding("serial devices", .warn, found, because: reason, fix: join("dialout", user))
        case nil:
            let found = "\(none); there is no group dialout here"
            return DoctorFinding("serial devices", .warn, found, because: reason, fix: "plug in the robot's adapter")
        }
    }

    private func join(_ group: String, _ user: String) -> String {
        "sudo usermod --append --groups \(group) \(user)   # then log in again"
    }
}

extension DoctorReport {
    static func runtime(_ libraries: [String]?) -> DoctorFinding {
        let reason = "a program that brings its own libraries does not break when the machine is upgraded"
        guard let libraries else {
            let found = "/proc/self/maps could not be read"
            return DoctorFinding("Swift libraries", .warn, found, because: reason, fix: "mount /proc")
        }
        guard !libraries.isEmpty else {
            return DoctorFinding(
                "Swift libraries", .ok, "they are inside this program; none was loaded", because: reason)
        }
        let found = "this program loaded \(libraries.joined(separator: ", "))"
        return DoctorFinding(
            "Swift libraries", .warn, found, because: reason, fix: "make build, and use what it builds")
    }
}

extension EnvelopeFacts {
    var finding: DoctorFinding {
        let reason = "without a valid envelope the supervisor lets nothing move"
        guard let files else {
            let found = "there is no folder '\(shown(folder))' here, so none was looked at"
            return DoctorFinding("envelopes", .warn, found, because: reason, fix: "give --envelopes DIRECTORY")
        }
        guard !files.isEmpty else {
            let found = "'\(shown(folder))' has none"
            return DoctorFinding("envelopes", .warn, found, because: reason, fix: "give --envelopes DIRECTORY")
        }
        let broken = files.filter { !$0.problems.isEmpty }
        guard let first = broken.first else {
            let found = "\(shown(files.map(\.name).joined(separator: ", "))) in '\(shown(folder))': valid"
            return DoctorFinding("envelopes", .ok, found, because: reason)
        }
        let lines = broken.map { "\(shown($0.name)) has \($0.problems.count), the first: \($0.problems[0])" }
        let found = "problems in '\(shown(folder))': \(lines.joined(separator: "; "))"
        let fix = "understudy explain envelope '\(shown(folder))/\(shown(first.name))'"
        return DoctorFinding("envelopes", .fail, found, because: reason, fix: fix)
    }
}
