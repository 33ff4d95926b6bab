internal import Quantities

/// What a servo knows of its joint: through an encoder with steps and noise, a filter, a delay and a few resistors.
struct Senses: Sendable {
    private(set) var report: MotorState
    private let constants: SenseConstants
    private let chance: (position: Chance, speed: Chance, current: Chance)
    /// How often the servo turns while the joint turns once; below zero the other way.
    private let turns: Double
    private var filtered = 0.0
    private var now = 0.0
    private var count: UInt64 = 0
    /// The latest readings, in a ring.
    private var readings: InlineArray<32, Reading>
    private var newest = 0

    private struct Reading: Sendable {
        var time, position, speed: Double
    }

    init(_ metal: ServoMetal, _ axle: Axle, output: Double, supply: Double, turns: Double, chance: Chance) {
        constants = SenseConstants(metal)
        self.chance = (chance.of("position"), chance.of("speed"), chance.of("current"))
        self.turns = turns
        readings = InlineArray(repeating: Reading(time: -1, position: 0, speed: 0))
        report = MotorState(position: .zero, speed: .zero, current: .zero, voltage: .zero, temperature: Celsius(0))
        let first = position(axle, output: output)
        for place in readings.indices { readings[place].position = first }
        look(axle, output: output, outputSpeed: 0, supply: supply, after: 0)
    }

    /// Some time has passed; this is how things are now.
    mutating func look(_ axle: Axle, output: Double, outputSpeed: Double, supply: Double, after time: Double) {
        now += time
        count += 1
        let share = constants.rotorShare
        let turning = turns * (share * axle.speed + (1 - share) * outputSpeed)
        filtered += (turning - filtered) * time / (time + constants.speedFilter)
        if time == 0 { filtered = turning }
        newest = (newest + 1) % readings.count
        readings[newest] = Reading(
            time: now, position: position(axle, output: output),
            speed: filtered + constants.speedNoise * chance.speed.normal(count))
        let known = reading(ofAge: constants.delay)
        let current =
            (turns < 0 ? -1 : 1) * axle.current * constants.currentGain + constants.currentNoise
            * chance.current.normal(count)
        let warmth = axle.housing + constants.warmShare * (axle.winding - axle.housing)
        report = MotorState(
            position: Radians(Float(known.position)), speed: RadiansPerSecond(Float(known.speed)),
            current: Amperes(Float(current)), voltage: Volts(Float(supply)), temperature: Celsius(Float(warmth)))
    }

    /// A quarter of a step above the lower edge of its step, so that a register finds the same step whether its firmware
    /// rounds or cuts off.
    private func position(_ axle: Axle, output: Double) -> Double {
        let share = constants.rotorShare
        let turned = turns * (share * axle.angle + (1 - share) * output)
        let read = turned + constants.offset + constants.noise * chance.position.normal(count)
        return ((read / constants.step).rounded(.down) + 0.25) * constants.step
    }

    /// The latest reading that is so old, or the oldest there is.
    private func reading(ofAge age: Double) -> Reading {
        var place = newest
        for _ in 1..<readings.count {
            if readings[place].time <= now - age + 1e-9 { break }
            place = (place + readings.count - 1) % readings.count
        }
        return readings[place]
    }
}

struct SenseConstants: Sendable {
    let step, noise, offset, delay, rotorShare: Double
    let speedFilter, speedNoise, currentGain, currentNoise, warmShare: Double

    init(_ metal: ServoMetal) {
        let number = { (parameter: MetalParameter) in Double(metal[parameter]) }
        step = 2 * .pi / number(.encoderSteps).rounded()
        noise = number(.encoderNoise)
        offset = number(.encoderOffset)
        delay = number(.encoderDelay)
        rotorShare = number(.encoderRotorShare)
        speedFilter = number(.speedFilter)
        speedNoise = number(.speedNoise)
        currentGain = number(.currentGain)
        currentNoise = number(.currentNoise)
        warmShare = number(.temperatureSensorShare)
    }
}
