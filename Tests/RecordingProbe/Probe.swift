import Glibc
import Quantities
import Recordings
import Threads

// Records in a process of its own, for tests that kill it or take its disk away.
//
//   RecordingProbe PATH ENTRIES PERIOD_US [LARGEST_FILE]
//
// Says after every tenth entry how many messages the system has, and at the end what became of the recording.

@main
enum Probe {
    static func main() {
        let words = CommandLine.arguments
        guard words.count >= 4, let entries = UInt32(words[2]), let period = UInt32(words[3]),
            let joints = JointNames(["shoulder", "elbow", "wrist"])
        else { exit(2) }
        if words.count > 4, let size = rlim_t(words[4]) { limitFiles(to: size) }
        do throws(RecordingError) {
            try record(words[1], entries, period, .episode(joints: joints, words: EpisodeWords()))
        } catch {
            say("refused \(error)")
            exit(1)
        }
    }

    /// As a disk does that is full: a write takes what fits, and the next one nothing. Set here and not by the shell,
    /// because a sanitizer needs large files while it starts.
    private static func limitFiles(to size: rlim_t) {
        _ = signal(SIGXFSZ, SIG_IGN)
        var limit = rlimit(rlim_cur: size, rlim_max: size)
        // SAFETY: the call only reads the structure that it is given.
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
    }

    /// At once, because this may be killed.
    private static func say(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        // SAFETY: the array outlives the call, and the count is its own.
        _ = unsafe write(1, bytes, bytes.count)
    }

    private static func record(
        _ path: String, _ entries: UInt32, _ period: UInt32, _ layout: RecordingLayout<EpisodeEntry>
    ) throws(RecordingError) {
        let ring = Ring<EpisodeEntry>(capacity: 1_024)
        let recorder = try Recorder(path, layout: layout, from: ring.consumer)
        var producer = EpisodeProducer(ring.producer)
        for number in 0..<entries {
            let time = Timestamp(nanoseconds: UInt64(number) * 1_000_000)
            let tick = EpisodeTick(
                tick: Tick(number), hostTime: time, deviceTime: time, joints: PerJoint(repeating: JointTick()))
            while !producer.append(tick) { usleep(1_000) }
            if number % 10 == 9 { say("kept \(recorder.health.messages)") }
            if period > 0 { usleep(period) }
        }
        let outcome = recorder.finish()
        say(
            "ended \(outcome.messages) \(outcome.lost) \(outcome.isFinished) \(outcome.failure.map { "\($0)" } ?? "-")")
    }
}
