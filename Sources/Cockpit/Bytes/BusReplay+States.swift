import Actuators
import ControlLoop
import Ports
import Quantities
import Recordings
import Robots

// What the drivers read now beside what was recorded, tick by tick.
extension BusReplay {
    mutating func compare(_ log: EpisodeLog, _ readings: [BusReading], _ file: RobotFile) {
        let sensors = file.sensors.map { LoopSensor($0) }
        var place = 0
        for (number, tick) in log.ticks.enumerated() {
            while place < readings.count, readings[place].time < tick.hostTime { place += 1 }
            let next = number + 1 < log.ticks.count ? log.ticks[number + 1].hostTime : nil
            guard place < readings.count, next.map({ readings[place].time < $0 }) ?? true else {
                untold += 1
                continue
            }
            let found = Comparison(tick, readings[place], log, sensors).difference
            place += 1
            guard let found else {
                equal += 1
                continue
            }
            differing += 1
            if first == nil { first = found }
        }
    }
}

/// One tick beside one reading.
private struct Comparison {
    private let tick: EpisodeTick
    private let reading: BusReading
    private let log: EpisodeLog
    private let sensors: [LoopSensor]

    init(_ tick: EpisodeTick, _ reading: BusReading, _ log: EpisodeLog, _ sensors: [LoopSensor]) {
        self.tick = tick
        self.reading = reading
        self.log = log
        self.sensors = sensors
    }

    var difference: BusReplay.Difference? {
        for (place, name) in log.joints.enumerated() {
            guard let joint = JointIndex(UInt8(clamping: place)), reading.seen.contains(joint) else { continue }
            if let found = difference(of: joint, name) { return found }
        }
        return ofTime ?? ofSensors
    }

    private func difference(of joint: JointIndex, _ name: String) -> BusReplay.Difference? {
        let then = tick.joints[joint]
        let began = MonotonicInstant(nanoseconds: Int64(clamping: tick.hostTime.nanoseconds))
        let now = JointTick(reading.samples[joint], at: began)
        let numbers = [
            ("position_rad", then.position.value, now.position.value),
            ("speed_rad_s", then.speed.value, now.speed.value),
            ("effort_nm", then.effort.value, now.effort.value),
            ("temperature_c", then.temperature.value, now.temperature.value),
            ("voltage_v", then.voltage.value, now.voltage.value), ("age_s", then.age.value, now.age.value),
            ("acknowledged", then.acknowledged.value, now.acknowledged.value),
        ]
        for (what, recorded, read) in numbers where !isSame(recorded, read) {
            return difference(name, what, "\(recorded)", "\(read)")
        }
        if then.alarm != now.alarm { return difference(name, "alarm", "\(then.alarm)", "\(now.alarm)") }
        let (kind, found) = (then.acknowledged.kind, now.acknowledged.kind)
        return kind == found ? nil : difference(name, "acknowledged_kind", "\(kind)", "\(found)")
    }

    /// Bit for bit; what is no number is recorded as nothing, whichever it was.
    private func isSame(_ recorded: Float, _ read: Float) -> Bool {
        recorded.bitPattern == read.bitPattern || !recorded.isFinite && !read.isFinite
    }

    private var ofTime: BusReplay.Difference? {
        guard reading.seen.contains(.first) else { return nil }
        let now = Timestamp(nanoseconds: UInt64(max(0, reading.samples[.first].instant.nanoseconds)))
        guard now != tick.deviceTime else { return nil }
        return difference("", "device time", "\(tick.deviceTime.nanoseconds) ns", "\(now.nanoseconds) ns")
    }

    /// What was too old to count then is recorded as nothing.
    private var ofSensors: BusReplay.Difference? {
        for (place, sensor) in sensors.enumerated() where place < log.sensors.count && place < 8 {
            guard let channel = sensor.channel, channel < 8, tick.sensors[place].isFinite else { continue }
            let now = reading.inputs[Int(channel)].map { sensor.value(ofCounts: $0.counts) } ?? .nan
            if !isSame(tick.sensors[place], now) {
                return difference("", log.sensors[place], "\(tick.sensors[place])", "\(now)")
            }
        }
        return nil
    }

    private func difference(
        _ joint: String, _ what: String, _ recorded: String, _ read: String
    ) -> BusReplay.Difference {
        BusReplay.Difference(
            tick: UInt32(truncatingIfNeeded: tick.tick.rawValue),
            seconds: tick.hostTime.seconds(since: log.ticks.first?.hostTime ?? .zero), joint: joint, what: what,
            recorded: recorded, read: read)
    }
}
