import BoardApplication
import BoardFirmware
import BoardLink
import CPU
import Quantities
import _Volatile

/// Our board with an STM32F405: four motors with brushes, an encoder each.
struct STM32F405: Electronics {
    private var encoders = InlineArray<4, EncoderCount>(repeating: EncoderCount())
    private var regulators = InlineArray<4, CurrentRegulator>(repeating: CurrentRegulator(winding: Ohms(1)))
    private var measured = BoardMeasurement()

    var isSimulated: Bool { Clocks.isSimulated }
    var tickSteps: UInt32 { Clocks.coreHertz / 1_000 }
    var stepsLeft: UInt32 { Clocks.stepsLeft }
    var canSend: Bool { Line.canSend }

    /// The chip's own number lies in its system memory, which a simulator does not have.
    var settings: BoardSettings {
        let chip =
            isSimulated
            ? ChipIdentifier(high: 0, middle: 0, low: 0)
            : ChipIdentifier(
                high: register(0x1FFF_7A18).load(), middle: register(0x1FFF_7A14).load(),
                low: register(0x1FFF_7A10).load())
        return BoardSettings(
            chip: chip, firmwareBuild: DoubleWord(high: cpu_build_high(), low: cpu_build_low()), joints: .four,
            torqueConstant: NewtonMetresPerAmpere(0.147))
    }

    mutating func startUp() {
        Clocks.start()
        Stages.start()
        Line.start()
        guard !isSimulated else { return Clocks.startTicks() }
        Sensors.start()
        Clocks.startWatchdog()
        Clocks.startTicks()
    }

    func resetCause(wasAlive: Bool) -> ResetCause {
        guard !isSimulated else { return wasAlive ? .pin : .powerOn }
        let flags = register(0x4002_3874).load()
        register(0x4002_3874).store(1 << 24)
        if flags & (1 << 29 | 1 << 30) != 0 { return .watchdog }
        if flags & (1 << 28) != 0 { return .request }
        if flags & (1 << 27) != 0 { return .powerOn }
        return flags & (1 << 25) != 0 ? .brownOut : .pin
    }

    func noise() -> UInt32 {
        guard !isSimulated else { return 0 }
        register(0x4002_3834).set(1 << 6)
        register(0x5006_0800).store(1 << 2)
        var tries = 0
        while register(0x5006_0804).load() & 1 == 0, tries < 10_000 { tries += 1 }
        return register(0x5006_0808).load()
    }

    mutating func measure() -> BoardMeasurement {
        let supply = Sensors.supply()
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            let (angle, speed) = encoders[Int(position)].read(
                Sensors.count(joint), countsPerTurn: Sensors.countsPerTurn, over: BoardSettings.tickPeriod)
            measured.set(
                joint,
                to: JointMeasurement(
                    position: angle, speed: speed, current: Sensors.current(joint), voltage: supply,
                    temperature: Sensors.temperature(joint)))
            position += 1
        }
        measured.isStopPressed = Stages.isStopped
        measured.isStageBroken = Sensors.isStageBroken
        return measured
    }

    /// A bridge that is to be open has no way to be so beside others that drive: its duty is zero, which brakes it.
    mutating func drive(_ drives: StageDrives) {
        var isDriven = false
        var position: UInt8 = 0
        while let joint = BoardJointCount.four.joint(at: position) {
            let place = Int(position)
            position += 1
            guard case .current(let wanted) = drives[joint] else {
                regulators[place].release()
                Stages.set(joint, duty: 0)
                continue
            }
            isDriven = true
            let now = measured[joint]
            let duty = regulators[place].duty(for: wanted, measured: now.current, supply: now.voltage)
            Stages.set(joint, duty: duty)
        }
        if isDriven { Stages.on() } else { Stages.off() }
    }

    func send(_ byte: UInt8) { Line.send(byte) }
    func feedWatchdog() { if !isSimulated { Clocks.feedWatchdog() } }
}

@main struct Program {
    static func main() { Board<STM32F405>.run(STM32F405()) }
}
