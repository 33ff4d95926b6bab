internal import Quantities
internal import Simulator

/// The virtual robot's own log of a run: a line of JSON for everything that happens, in the order in which it happens.
///
///     {"understudy_virtual":1,"robot":"...","joints":3,"seed":1,"step_ns":1000000}
///     {"t":1000000,"state":[[position,speed,current,voltage,temperature],...],"drive":["off","i0.25","d-0.5",...]}
///     {"t":1203000,"in":"FFFFFD..."}      bytes of the master; "lost":true when there was no adapter to take them
///     {"t":1803000,"out":"FFFFFD..."}     bytes that reached the master
///     {"t":2000000,"begins":"stuck-joint","place":2,"value":0}     and "ends"
///     {"sha256":"..."}                    of every byte before this line, written by who keeps the file
///
/// Instants are nanoseconds of virtual time; states are those of the metal in SI units, whatever its sensors say, and a
/// drive is a current in amperes or a share of the supply. Numbers are the shortest that read back as the same bits, and
/// a number that is none is null. The same seed and the same bytes make the same log, on every machine and build.
public struct RunLog: Sendable {
    private var bytes: [UInt8] = []

    /// - Parameter robot: what is pretended, for the first line.
    public init(robot: String, joints: Int, seed: UInt64) {
        put("{\"understudy_virtual\":1,\"robot\":")
        quote(robot)
        put(",\"joints\":\(joints),\"seed\":\(seed),\"step_ns\":\(nanosecondsPerMillisecond)}\n")
    }

    /// What was written since the last time.
    mutating func take() -> [UInt8] {
        let written = bytes
        bytes.removeAll(keepingCapacity: true)
        return written
    }

    mutating func heard(_ bytes: [UInt8], at instant: BusInstant, isPlugged: Bool) {
        begin(instant)
        put(",\"in\":")
        hex(bytes)
        put(isPlugged ? "}\n" : ",\"lost\":true}\n")
    }

    mutating func said(_ bytes: [UInt8], at instant: BusInstant) {
        begin(instant)
        put(",\"out\":")
        hex(bytes)
        put("}\n")
    }

    mutating func changed(_ fault: Fault, isPresent: Bool, at instant: BusInstant) {
        begin(instant)
        put(isPresent ? ",\"begins\":" : ",\"ends\":")
        quote(fault.name.rawValue)
        if let place = fault.place { put(",\"place\":\(place + 1)") }
        put(",\"value\":\(fault.value)}\n")
    }

    mutating func stepped(_ body: some VirtualBody, _ drives: [MotorDrive], at instant: BusInstant) {
        begin(instant)
        put(",\"state\":[")
        for joint in 0..<body.jointCount {
            let state = body.state(of: joint)
            put(joint == 0 ? "[" : ",[")
            let numbers: [5 of Float] = [
                state.position.value, state.speed.value, state.current.value, state.voltage.value,
                state.temperature.value,
            ]
            for place in 0..<5 {
                if place > 0 { put(",") }
                put(numbers[place])
            }
            put("]")
        }
        put("],\"drive\":[")
        for place in drives.indices {
            if place > 0 { put(",") }
            put(drives[place])
        }
        put("]}\n")
    }
}

extension RunLog {
    private mutating func begin(_ instant: BusInstant) {
        put("{\"t\":")
        put("\(instant.nanoseconds)")
    }

    private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func put(_ number: Float) { put(number.isFinite ? number.description : "null") }

    private mutating func put(_ drive: MotorDrive) {
        switch drive {
        case .off: put("\"off\"")
        case .current(let current): put("\"i\(current.value)\"")
        case .duty(let duty): put("\"d\(duty.value)\"")
        }
    }

    private mutating func hex(_ sent: [UInt8]) {
        bytes.append(0x22)
        for byte in sent {
            bytes.append(Self.digit(byte >> 4))
            bytes.append(Self.digit(byte & 15))
        }
        bytes.append(0x22)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            // Names and numbers are all that is quoted here; what could end the string early is left out.
            if byte >= 0x20 && byte != 0x22 && byte != 0x5C { bytes.append(byte) }
        }
        bytes.append(0x22)
    }
}

/// Where a log goes; it is told from the thread that runs the robot.
public protocol RunSink: Sendable {
    mutating func take(_ bytes: [UInt8])

    /// Nothing more comes. Says what went wrong, as the number of the system's error; nil when everything is kept.
    mutating func finish() -> Int32?
}
