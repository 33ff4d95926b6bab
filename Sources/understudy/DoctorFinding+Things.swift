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
