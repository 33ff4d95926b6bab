import Robots

// Judging of what a control loop's punctuality rests on.

/// The line that lets a user have real-time scheduling and locked memory, after the next login.
private func limitsCommand(_ user: String) -> String {
    "printf '%s\\n' '\(user) - rtprio 50' '\(user) - memlock unlimited' "
        + "| sudo tee /etc/security/limits.d/understudy.conf   # then log in again"
}

extension SchedulingFacts {
    func finding(for user: String) -> DoctorFinding {
        let reason = "without it any other program can make a tick late, and late ticks stop the robot"
        guard let refusal else {
            let found = "SCHED_FIFO with priority \(priority) was granted to a thread, and given back"
            return DoctorFinding("real-time scheduling", .ok, found, because: reason)
        }
        let found = "SCHED_FIFO with priority \(priority) was refused: \(refusal.reason)"
        return DoctorFinding("real-time scheduling", .warn, found, because: reason, fix: limitsCommand(user))
    }

    /// Of 200 wake-ups the third latest and the latest: a fifth and the whole of a millisecond are what we bear.
    var wakeUps: DoctorFinding {
        let reason = "this is how late the control thread would be, before any work of its own"
        let policy = refusal == nil ? "SCHED_FIFO" : "usual"
        guard let worst = lateness.max() else {
            return DoctorFinding(
                "wake-ups", .warn, "no thread could be started to measure them", because: reason,
                fix: "end other programs, or raise the limit on processes: ulimit -u")
        }
        let late = lateness.sorted()[(lateness.count * 99 + 99) / 100 - 1]
        let sleep = sleepMicroseconds == 1_000 ? "1 ms" : "\(sleepMicroseconds) µs"
        let found = """
            of \(lateness.count) sleeps of \(sleep) with \(policy) scheduling the latest ended \(microseconds(worst)) late, \
            99 of 100 within \(microseconds(late))
            """
        let isPunctual = late <= 200_000 && worst <= 1_000_000
        let fix =
            refusal == nil
            ? "end other work on this machine, or use a kernel with PREEMPT_RT" : "get real-time scheduling first"
        return DoctorFinding("wake-ups", isPunctual ? .ok : .warn, found, because: reason, fix: fix)
    }

    private func microseconds(_ nanoseconds: Int64) -> String { "\(rounded(Float(nanoseconds) / 1_000)) µs" }
}

extension MemoryFacts {
    func finding(for user: String) -> DoctorFinding {
        let reason = "a page that has to come back from disk makes a tick late by milliseconds"
        let limit = limitBytes.map { "the limit is \(inMebibytes($0))" } ?? "there is no limit"
        let tried = inMebibytes(UInt64(triedBytes))
        guard let refusal else {
            return DoctorFinding("locked memory", .ok, "\(tried) were locked and released; \(limit)", because: reason)
        }
        let found = "locking \(tried) was refused: \(refusal.reason); \(limit)"
        return DoctorFinding("locked memory", .warn, found, because: reason, fix: limitsCommand(user))
    }
}

extension ClockFacts {
    private static let slow = ["hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit"]

    var finding: DoctorFinding {
        let reason = "each tick reads the clock; a slow or coarse one costs time and hides lateness"
        let resolution = resolutionNanoseconds.map { "\($0) ns" } ?? "unknown"
        let found = "the kernel counts with \(source ?? "something it does not name"); resolution \(resolution)"
        guard let nanoseconds = resolutionNanoseconds, nanoseconds <= 1_000_000 else {
            let fix = "use a machine or a kernel with high-resolution timers"
            return DoctorFinding("clock", .fail, found, because: reason, fix: fix)
        }
        let isSlow = source.map(ClockFacts.slow.contains) ?? true
        return DoctorFinding(
            "clock", isSlow || nanoseconds > 1_000 ? .warn : .ok, found, because: reason, fix: betterSource)
    }

    private var betterSource: String {
        guard let better = otherSources.first(where: { !ClockFacts.slow.contains($0) }) else {
            return "none known: the kernel offers no other source"
        }
        return "echo \(better) | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource"
    }
}

extension CoreFacts {
    var finding: DoctorFinding {
        let reason = "the control thread needs a core that recording and the operator's commands do not take"
        let usable = allowed ?? online
        let found = "\(online) online\(allowed.map { ", \($0) for this process" } ?? "")"
        let fix =
            allowed.map { $0 < online } == true ? "start it without taskset or a CPU limit" : "use a machine with two"
        return DoctorFinding("cores", usable >= 2 ? .ok : .warn, found, because: reason, fix: fix)
    }
}

extension KernelFacts {
    /// Not judged: what counts is how late it is, and that is measured.
    var finding: DoctorFinding {
        let kind = isRealTime ? "with PREEMPT_RT" : "without PREEMPT_RT"
        let found = [release, version].compactMap { $0 }.joined(separator: " ")
        return DoctorFinding(
            "kernel", release == nil ? .warn : .ok, release == nil ? "it does not say what it is" : "\(found), \(kind)",
            because: "what the measured wake-ups belong to; PREEMPT_RT bounds the latest of them",
            fix: "mount /proc")
    }
}

/// A number of bytes as people say it.
func inMebibytes(_ bytes: UInt64) -> String {
    let mebibyte: UInt64 = 1 << 20
    return bytes >= 1 << 30
        ? "\(rounded(Float(bytes) / Float(1 << 30))) GiB" : "\(rounded(Float(bytes) / Float(mebibyte))) MiB"
}
