import Glibc

// Looking at what a control loop's punctuality rests on. Everything tried is given back.

extension SchedulingFacts {
    private static let sleeps = 200
    private static let sleepNanoseconds = 1_000_000

    /// Asks for real-time scheduling and measures wake-ups, both in a thread that ends afterwards.
    static func measured() -> SchedulingFacts {
        onThreadOfItsOwn {
            let priority = sched_get_priority_min(SCHED_FIFO) + 9
            let code = setScheduling(SCHED_FIFO, priority)
            let lateness = measureLateness()
            if code == 0 { _ = setScheduling(SCHED_OTHER, 0) }
            return SchedulingFacts(
                priority: priority, refusal: code == 0 ? nil : FileTrouble(code: code), lateness: lateness,
                sleepMicroseconds: sleepNanoseconds / 1_000)
        }
            ?? SchedulingFacts(
                priority: 0, refusal: FileTrouble(code: EAGAIN), lateness: [],
                sleepMicroseconds: sleepNanoseconds / 1_000)
    }

    private static func setScheduling(_ policy: Int32, _ priority: Int32) -> Int32 {
        var parameters = sched_param()
        parameters.sched_priority = priority
        // SAFETY: the parameters are only read during the call.
        return unsafe pthread_setschedparam(pthread_self(), policy, &parameters)
    }

    /// Sleeps until fixed moments, one after the other, as a control loop does.
    private static func measureLateness() -> [Int64] {
        var lateness: [Int64] = []
        lateness.reserveCapacity(sleeps)
        var wake = nanosecondsNow()
        for _ in 0..<sleeps {
            wake += Int64(sleepNanoseconds)
            var moment = timespec(tv_sec: Int(wake / 1_000_000_000), tv_nsec: Int(wake % 1_000_000_000))
            // SAFETY: the moment is only read during the call; nil because an absolute sleep needs no remainder.
            while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, nil) == EINTR {}
            lateness.append(nanosecondsNow() - wake)
        }
        return lateness
    }

    private static func nanosecondsNow() -> Int64 {
        var now = timespec()
        // SAFETY: the call only writes the value that it is given.
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}

/// Carries work to a thread and the result back.
private final class Errand<Result> {
    let work: () -> Result
    var result: Result?
    init(_ work: @escaping () -> Result) { self.work = work }
    func run() { result = work() }
}

/// What a thread is started with; a class so that one pointer carries it.
private class Start {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
}

/// Runs `work` in a new thread and waits for it; nil when there is no thread to be had.
private func onThreadOfItsOwn<Result>(_ work: @escaping () -> Result) -> Result? {
    let errand = Errand(work)
    let start = unsafe Unmanaged.passRetained(Start(errand.run))
    var thread = pthread_t()
    // SAFETY: the thread takes over the one reference that was passed, and this function waits for the thread's end
    // before it looks at the errand again, so the two never touch it at the same time.
    let code = unsafe pthread_create(
        &thread, nil,
        { context in
            if let context = unsafe context { unsafe Unmanaged<Start>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        }, start.toOpaque())
    guard code == 0 else {
        unsafe start.release()
        return nil
    }
    pthread_join(thread, nil)
    return errand.result
}

extension MemoryFacts {
    /// Locks as much memory as a control loop may need, and releases it.
    static func measured(bytes: Int = 32 << 20) -> MemoryFacts {
        var limit = rlimit()
        // SAFETY: the call only writes the value that it is given.
        let isKnown = unsafe getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit) == 0
        let isUnlimited = !isKnown || limit.rlim_cur == rlim_t.max
        return MemoryFacts(
            limitBytes: isUnlimited ? nil : UInt64(limit.rlim_cur), triedBytes: bytes, refusal: tryToLock(bytes))
    }

    private static func tryToLock(_ bytes: Int) -> FileTrouble? {
        // SAFETY: a private mapping that nobody else knows; it is locked, unlocked and unmapped as a whole right here.
        let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else { return FileTrouble(code: errno) }
        defer { unsafe munmap(memory, bytes) }
        guard unsafe mlock(memory, bytes) == 0 else { return FileTrouble(code: errno) }
        unsafe munlock(memory, bytes)
        return nil
    }
}

extension ClockFacts {
    static func measured() -> ClockFacts {
        let folder = "/sys/devices/system/clocksource/clocksource0"
        let source = firstLine(of: "\(folder)/current_clocksource")
        let others = firstLine(of: "\(folder)/available_clocksource")?.split(separator: " ").map(String.init) ?? []
        var resolution = timespec()
        // SAFETY: the call only writes the value that it is given.
        let isKnown = unsafe clock_getres(CLOCK_MONOTONIC, &resolution) == 0
        let nanoseconds = Int64(resolution.tv_sec) * 1_000_000_000 + Int64(resolution.tv_nsec)
        return ClockFacts(
            source: source, otherSources: others.filter { $0 != source },
            resolutionNanoseconds: isKnown ? nanoseconds : nil)
    }
}

extension CoreFacts {
    static func measured() -> CoreFacts {
        CoreFacts(online: sysconf(Int32(_SC_NPROCESSORS_ONLN)), allowed: allowed)
    }

    /// The kernel writes the set of cores as a hexadecimal number with commas in it.
    private static var allowed: Int? {
        guard case .success(let bytes) = readFile("/proc/self/status") else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Cpus_allowed:") }) else { return nil }
        let count = line.dropFirst("Cpus_allowed:".count).reduce(0) { $0 + ($1.hexDigitValue ?? 0).nonzeroBitCount }
        return count > 0 ? count : nil
    }
}

extension KernelFacts {
    static func measured() -> KernelFacts {
        KernelFacts(
            release: firstLine(of: "/proc/sys/kernel/osrelease"), version: firstLine(of: "/proc/sys/kernel/version"),
            isRealTime: firstLine(of: "/sys/kernel/realtime") == "1")
    }
}

/// The first line of a file of the kernel; nil when there is none.
func firstLine(of path: String) -> String? {
    guard case .success(let bytes) = readFile(path) else { return nil }
    let line = bytes.prefix { $0 != 0x0A }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
}
