import Glibc
import Quantities
import Recordings
import Threads

/// What it costs the control loop to hand over a tick, what the recorder's thread then has to do, and how fast messages
/// go into a file, against the format's official Python library in the same run.
enum RecordingsBench {
    static let rounds = 5
    static let batches = 200
    static let messages = 40_000
    static let messageSize = 800

    static func run(peer: String?) {
        print("recordings: thread processor time for the loop's side, elapsed time for files; each figure is a median")
        measureAppend()
        do throws(RecordingError) {
            for withBytes in [false, true] { try measureTicks(withBytes: withBytes) }
            try measureExposure()
            for compression in [Compression.none, .zstd(level: 3)] { try measureWriting(compression, peer) }
        } catch {
            print("  failed with \(error)")
            exit(1)
        }
    }

    private static func tick(_ number: UInt32) -> EpisodeTick {
        let time = Timestamp(nanoseconds: UInt64(number) * 1_000_000)
        var joints = PerJoint(repeating: JointTick())
        for place in UInt8(0)..<6 {
            guard let joint = JointIndex(place) else { continue }
            let angle = Float(number) * 0.001 + Float(place) * 0.37
            joints[joint].position = Radians(angle)
            joints[joint].speed = RadiansPerSecond(angle * 0.3)
            joints[joint].effort = NewtonMetres(0.11 * angle)
            joints[joint].requested = .position(Radians(angle + 0.01))
            joints[joint].supervised = .position(Radians(angle + 0.01))
            joints[joint].acknowledged = .position(Radians(angle))
        }
        return EpisodeTick(tick: Tick(number), hostTime: time, deviceTime: time, joints: joints)
    }

    /// Nothing is allocated there: the compiler has proven it, and RingTests count.
    private static func measureAppend() {
        let ring = Ring<EpisodeEntry>(capacity: 1_024)
        var producer = EpisodeProducer(ring.producer)
        var consumer = ring.consumer
        let tick = tick(1)
        var times: [Double] = []
        for _ in 0..<batches {
            let before = Stopwatch.nanoseconds()
            var fitted = 0
            for _ in 0..<1_024 where producer.append(tick) { fitted += 1 }
            times.append(Double(Stopwatch.nanoseconds() - before) / 1_024)
            guard fitted == 1_024 else { preconditionFailure("an empty ring was full") }
            while consumer.next() != nil {}
        }
        print("  hand a tick of \(MemoryLayout<EpisodeTick>.size) bytes to the ring: \(Spread(times).line("ns"))")
    }

    /// From tick to file, as a recorder does it: text of four channels, or five with every byte of the bus, packing, writing.
    private static func measureTicks(withBytes: Bool) throws(RecordingError) {
        guard let joints = JointNames((1...6).map { "joint_\($0)" }) else { preconditionFailure("six names") }
        let count: UInt32 = 3_000
        var (times, work): ([Double], [Double]) = ([], [])
        var size: UInt64 = 0
        for _ in 0..<rounds {
            let path = temporary()
            let ring = Ring<EpisodeEntry>(capacity: 32_768)
            var producer = EpisodeProducer(ring.producer)
            for number in 0..<count {
                guard producer.append(tick(number)) else { preconditionFailure("no room") }
                for record in withBytes ? RecordedBus.calls(of: number) : [] where !producer.append(record) {
                    preconditionFailure("no room for bytes")
                }
            }
            let (began, used) = (now(), now(of: CLOCK_PROCESS_CPUTIME_ID))
            let recorder = try Recorder(
                path, layout: .episode(joints: joints, words: EpisodeWords(), hasBytes: withBytes), from: ring.consumer)
            let outcome = recorder.finish()
            work.append(Double(now(of: CLOCK_PROCESS_CPUTIME_ID) - used) / Double(count) / 1_000)
            times.append(Double(now() - began) / Double(count) / 1_000)
            guard outcome.isComplete else { preconditionFailure("the recording is not complete") }
            size = try FileSource(opening: path).size
            unsafe unlink(path)
        }
        let name = withBytes ? "with every byte of the bus" : "without the bytes of the bus"
        print("  a tick of 6 joints from the ring into the file, \(name), with syncs: \(Spread(times).line("µs"))")
        let used = Spread(work)
        let share = (used.quantile(0.5) * 0.02 * 100).rounded() / 100
        print(
            "    \(size / UInt64(count)) bytes a tick in the file; processor \(used.line("µs")), of a core \(share) % at 200 Hz"
        )
    }

    /// How long a tick can have waited before the system had it, at 1 kHz: what a death of the process costs.
    private static func measureExposure() throws(RecordingError) {
        guard let joints = JointNames((1...6).map { "joint_\($0)" }) else { preconditionFailure("six names") }
        let path = temporary()
        let ring = Ring<EpisodeEntry>(capacity: 4_096)
        var producer = EpisodeProducer(ring.producer)
        let recorder = try Recorder(
            path, layout: .episode(joints: joints, words: EpisodeWords()), from: ring.consumer)
        for number in UInt32(0)..<3_000 {
            _ = producer.append(tick(number))
            usleep(1_000)
        }
        let outcome = recorder.finish()
        unsafe unlink(path)
        let waited = outcome.longestExposure / .milliseconds(1)
        print("  at 1 kHz a tick waited at most \(waited) ms until the system had it; \(outcome.dropped) were dropped")
        print("    \(outcome.longestExposure <= RecorderSettings.longestLoss ? "within" : "NOT within") 100 ms")
    }

    private static func measureWriting(_ compression: Compression, _ peer: String?) throws(RecordingError) {
        let name = compression == .none ? "none" : "zstd"
        var (ours, theirs): ([Double], [Double]) = ([], [])
        let payloads = (0..<64).map(payload)
        for _ in 0..<rounds {
            let path = temporary()
            ours.append(try write(payloads, compression, to: path))
            unsafe unlink(path)
            if let peer { theirs.append(ask(peer, "\(path) \(name) \(messages) \(messageSize)")) }
            unsafe unlink(path)
        }
        print("  \(messages) messages of \(messageSize) bytes into a file, \(name): \(Spread(ours).line("MB/s"))")
        guard !theirs.isEmpty else { return }
        print("    the official library: \(Spread(theirs).line("MB/s"))")
        print("      \(Spread(zip(ours, theirs).map { $0 / $1 }).line("times that"))")
    }

    /// A text like a tick's, as the peer makes it too.
    private static func payload(_ number: Int) -> [UInt8] {
        let values = (0..<40).map { joint in
            "\"joint\(joint)\":\(Float(joint) * 0.1 + Float(number) * 0.001)"
        }
        let text = Array("{\"tick\":\(number),\"position_rad\":{\(values.joined(separator: ","))}}".utf8)
        return Array((text + [UInt8](repeating: 0x20, count: messageSize)).prefix(messageSize))
    }

    private static func write(
        _ payloads: [[UInt8]], _ compression: Compression, to path: String
    ) throws(RecordingError) -> Double {
        let began = now()
        let settings = WriterSettings(compression: compression, definitionsAhead: false, library: "bench")
        var writer = try RecordingWriter(FileSink(creating: path), settings: settings)
        try writer.add(Schema(id: 1, name: "S", encoding: "jsonschema", data: Array("{}".utf8)))
        try writer.add(Channel(id: 1, schema: 1, topic: "/state", encoding: "json"))
        for number in 0..<messages {
            let time = Timestamp(nanoseconds: UInt64(number))
            let head = MessageHead(channel: 1, sequence: UInt32(number), logTime: time, publishTime: time)
            let payload = payloads[number % 64]
            try writer.write(head, payload.span)
        }
        _ = try writer.finish()
        return Double(messages * messageSize) / 1e6 / (Double(now() - began) / 1e9)
    }

    /// The peer says on one line how many megabytes a second it wrote.
    private static func ask(_ peer: String, _ arguments: String) -> Double {
        Peer.alone("\(peer) \(arguments)").numbers.first ?? .nan
    }

    private static func temporary() -> String { "/tmp/bench-\(getpid()).mcap" }

    private static func now(of clock: clockid_t = CLOCK_MONOTONIC) -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(clock, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}

/// What goes over a bus of six Dynamixels in a tick: a request that all of them answer, and their goals. As in a recording,
/// positions, speeds and checksums differ from tick to tick, and the rest hardly ever.
enum RecordedBus {
    static func calls(of tick: UInt32) -> [BusRecord] {
        let time = UInt64(tick) * 5_000_000
        func record(_ number: UInt32, _ verb: String, _ goals: String, _ steps: String) -> BusRecord {
            BusRecord(
                number: 2 * tick + number, verb: verb, hostTime: Timestamp(nanoseconds: time),
                deadline: Int64(time) + 3_000_000, rotation: 0, goals: goals, steps: steps)
        }
        let answers = (0..<6).map { servo -> String in
            let position = UInt32(2_048 + 300 * servo) &+ tick &* UInt32(servo + 1)
            let noise = (tick &+ UInt32(servo)) &* 2_654_435_761
            return "FFFFFD00\(hex([1 + UInt32(servo), 0x19, 0, 0x55, 0, noise >> 30, 0]))"
                + hex([position, position >> 8, 0, 0, noise >> 8 & 7, 0, 0x32, 0xB0, 0x19, noise >> 16, noise >> 24])
        }
        let ends = (0..<6).map { servo in hex([UInt32(servo + 1), tick &* UInt32(servo + 3), tick >> 3, 0, 0]) }
        let goals = (0..<6).map { "p\(Float(tick) * 0.001 + Float($0) * 0.37)" }.joined(separator: " ")
        let check = hex([tick &* 40_503 >> 4, tick &* 40_503 >> 12])
        return [
            record(
                0, "read", "",
                "?0 @\(time) >FFFFFD00FE0E008A\(hex([tick]))00140001020304\(check) +0 <\(answers.joined()) +470000"),
            record(1, "write", goals, "@\(time + 500_000) >FFFFFD00FE25008374000400\(ends.joined())\(check) +0"),
        ]
    }

    private static func hex(_ bytes: [UInt32]) -> String {
        let digits = Array("0123456789ABCDEF")
        return String(bytes.flatMap { [digits[Int($0 >> 4 & 15)], digits[Int($0 & 15)]] })
    }
}
