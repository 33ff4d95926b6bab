import Actuators
import Quantities
internal import Simulator

/// What protects the servo from its master: the checks of voltage, temperature, current and load.
struct FeetechGuards: Equatable, Sendable {
    struct Faults: OptionSet, Sendable {
        let rawValue: Int
        static let voltage = Faults(rawValue: 0x01)
        static let encoder = Faults(rawValue: 0x02)
        static let temperature = Faults(rawValue: 0x04)
        static let current = Faults(rawValue: 0x08)
        static let overload = Faults(rawValue: 0x20)
    }

    private(set) var faults: Faults = []
    private var overloadedFor = 0.0
    private var overCurrentFor = 0.0
    /// In which direction the servo pushed when it gave up.
    private var overloadDirection = 0

    /// The torque was switched on again.
    mutating func release() {
        faults.subtract([.overload, .current])
        overloadedFor = 0
        overCurrentFor = 0
        overloadDirection = 0
    }

    /// A goal on the other side lets go of what overloaded it.
    mutating func goalSet(way: Int) {
        guard faults.contains(.overload), way.signum() == -overloadDirection else { return }
        faults.remove(.overload)
        overloadedFor = 0
    }

    /// It gives up now, without having been overloaded.
    mutating func overload() {
        faults.insert(.overload)
        overloadDirection = 1
    }

    mutating func check(_ state: MotorState, duty: Double, with memory: FeetechMemory, over time: Double) {
        let tenths = Double(state.voltage.value) * 10
        let isUsable = tenths <= Double(memory[.maxVoltage]) && tenths >= Double(memory[.minVoltage])
        set(.voltage, !isUsable)
        set(.encoder, !state.position.isFinite)
        set(.temperature, Double(state.temperature.value) > Double(memory[.maxTemperature]))
        checkCurrent(state, memory, time)
        checkLoad(duty, memory, time)
    }

    private mutating func set(_ fault: Faults, _ holds: Bool) {
        if holds { faults.insert(fault) } else { faults.remove(fault) }
    }

    private mutating func checkCurrent(_ state: MotorState, _ memory: FeetechMemory, _ time: Double) {
        let isHigh = Double(state.current.magnitude.value) > Double(memory[.protectionCurrent]) * 0.006_5
        overCurrentFor = isHigh ? overCurrentFor + time : 0
        if isHigh && overCurrentFor >= Double(memory[.overCurrentTime]) * 0.01 { faults.insert(.current) }
    }

    private mutating func checkLoad(_ duty: Double, _ memory: FeetechMemory, _ time: Double) {
        guard !faults.contains(.overload) else { return }
        let isHigh = abs(duty) * 100 > Double(memory[.overloadTorque])
        overloadedFor = isHigh ? overloadedFor + time : 0
        guard isHigh, overloadedFor >= Double(memory[.protectionTime]) * 0.01 else { return }
        faults.insert(.overload)
        overloadDirection = duty < 0 ? -1 : 1
    }

    /// Whether the bridge opens for one of the faults that the mask names. An overload weakens and does not open.
    func opensBridge(mask: Int) -> Bool {
        !faults.subtracting(.overload).intersection(Faults(rawValue: mask)).isEmpty
    }

    func weakens(mask: Int) -> Bool { !faults.intersection(.overload).intersection(Faults(rawValue: mask)).isEmpty }
}
