extension Feetech {
    /// What changes slowly in a servo, as far as its readings can be believed.
    ///
    /// A sum of eight bits lets one damage in 256 pass, and a temperature or a voltage that is merely possible passes the
    /// ranges too. What jumps is believed only when the next answer says the same: that costs one sample of a supply
    /// that really broke down.
    struct Habit: Sendable {
        private struct Reading: Equatable {
            var voltage: UInt8
            var temperature: UInt8

            func isNear(_ other: Reading?) -> Bool {
                guard let other else { return false }
                let volts = Int(voltage) - Int(other.voltage)
                let degrees = Int(temperature) - Int(other.temperature)
                return volts.magnitude <= Habit.voltageStep && degrees.magnitude <= Habit.temperatureStep
            }
        }

        /// Half a volt: what a motor that starts takes from an ordinary supply.
        private static let voltageStep: UInt = 5
        private static let temperatureStep: UInt = 2

        private var believed: Reading?
        private var doubted: Reading?

        /// Whether this is what the servo has said before, or says for the second time.
        mutating func follows(_ window: Window) -> Bool {
            let reading = Reading(voltage: window.voltage, temperature: window.temperature)
            // The first one has nothing to be measured by; were it wrong, the next two would say so.
            guard believed == nil || reading.isNear(believed) || reading.isNear(doubted) else {
                doubted = reading
                return false
            }
            believed = reading
            doubted = nil
            return true
        }
    }
}
