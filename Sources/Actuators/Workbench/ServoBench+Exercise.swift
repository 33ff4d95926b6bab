import Ports

// Asking again and again, for what shows only now and then: a plug that gives way, an adapter that is late.

extension ServoBench where Self: ~Copyable {
    /// Reads as well what a servo is set to follow, and the bounds within which it stays on. What it does not say is
    /// left out.
    public mutating func inspect(_ servo: ServoSighting) throws(BenchFailure) -> ServoSighting {
        var servo = servo
        guard let model = servo.identity?.model else { return servo }
        let roles: [BenchRegister.Role] = [.mode, .leastVoltage, .mostVoltage, .mostTemperature]
        for role in roles {
            guard let register = Self.register(role, ofModel: model) else { continue }
            do throws(BenchFailure) {
                servo.values[role] = try read(register, of: servo.id, by: soon)
            } catch .port(let error) {
                throw .port(error)
            } catch {}
        }
        return servo
    }

    /// Asks each of the servos for its position, one after the other and so many times, and says how each of them did.
    /// `proceed` is asked before every round, and ends it by answering no.
    public mutating func exercise(
        _ servos: [ServoSighting], rounds: Int, proceed: () -> Bool = { true }
    ) throws(BenchFailure) -> [BusEvidence.Device] {
        var devices = servos.map { BusEvidence.Device(id: $0.id, asked: 0, failures: 0) }
        for _ in 0..<rounds where proceed() {
            for place in servos.indices {
                guard let model = servos[place].identity?.model, let register = Self.register(.position, ofModel: model)
                else { continue }
                let before = Look(self)
                do throws(BenchFailure) {
                    _ = try read(register, of: servos[place].id, by: soon)
                } catch .port(let error) {
                    throw .port(error)
                } catch {}
                devices[place] = devices[place].adding(Look(self), since: before)
            }
        }
        return devices
    }
}

extension BusEvidence.Device {
    /// With what happened while only this one was asked.
    fileprivate func adding(_ now: Look, since before: Look) -> BusEvidence.Device {
        let asked = now.counters.transactions - before.counters.transactions
        let failures = asked - min(asked, now.answered - before.answered)
        return BusEvidence.Device(id: id, asked: self.asked + asked, failures: self.failures + failures)
    }
}
