import Quantities

extension Feetech {
    /// Everything that is read of a servo in every tick: registers 40 to 70 in one piece.
    ///
    /// The state alone would begin at 56 and cost half. But no goal that is sent to many is answered, and a sum of eight
    /// bits lets some damage pass: a goal that arrived as another one, or a servo that went limp, shows only in the
    /// sixteen bytes before. They cost 1 ms for six servos at 1 Mbit/s.
    struct Window: Equatable, Sendable {
        static let region = Region(address: 40, count: 31)

        let torqueEnable: UInt8
        let goalPosition: Int32
        let goalDuty: Int32
        let goalVelocity: Int32
        let torqueLimit: Int32
        let lock: UInt8
        let moving: UInt8
        let steps: Int32
        let speed: Int32
        let load: Int32
        let voltage: UInt8
        let temperature: UInt8
        let current: Int32
        /// Those of the register and those of the answer.
        let faults: ServoFaults

        /// Nil when it is not complete.
        init?(_ bytes: Span<UInt8>, at offset: Int, faults: ServoFaults) {
            let end = offset + Int(Self.region.count)
            guard offset >= 0, end <= bytes.count else { return nil }
            let window = bytes.extracting(offset..<end)
            torqueEnable = window[Self.place(.torqueEnable)]
            goalPosition = Self.number(.goalPosition, window)
            goalDuty = Self.number(.goalPWM, window)
            goalVelocity = Self.number(.goalVelocity, window)
            torqueLimit = Self.number(.torqueLimit, window)
            lock = window[Self.place(.lock)]
            moving = window[Self.place(.moving)]
            steps = Self.number(.presentPosition, window)
            speed = Self.number(.presentVelocity, window)
            load = Self.number(.presentLoad, window)
            voltage = window[Self.place(.presentVoltage)]
            temperature = window[Self.place(.presentTemperature)]
            current = Self.number(.presentCurrent, window)
            self.faults = ServoFaults(rawValue: faults.rawValue | window[Self.place(.faults)])
        }

        private static func place(_ item: Item) -> Int { Int(item.register.address - region.address) }

        private static func number(_ item: Item, _ window: Span<UInt8>) -> Int32 {
            guard let number = item.register.number(in: window, at: place(item)) else {
                preconditionFailure("the window was cut to its length")
            }
            return number
        }
    }
}

// The second line of defence: what no servo can say, whatever its sum.
extension Feetech.Window {
    /// From a supply that barely keeps it awake to one that destroys it.
    private static let voltages: ClosedRange<UInt8> = 30...160
    private static let hottest: UInt8 = 110
    /// Ten amperes; the strongest of them stalls at four.
    private static let mostCurrent: UInt32 = 1_540
    private static let mostLoad: UInt32 = 1_000

    func isPlausible(of model: Feetech.Model, in units: Feetech.Units) -> Bool {
        let speed = units.velocity(speed).magnitude
        return torqueEnable <= 1 && lock <= 1 && moving <= 1 && faults.undocumented == 0
            && (0...1_000).contains(torqueLimit) && Self.voltages.contains(voltage) && temperature <= Self.hottest
            && current.magnitude <= Self.mostCurrent && load.magnitude <= Self.mostLoad && speed <= model.fastest
    }
}
