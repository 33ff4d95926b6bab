import BoardLink
public import Ports
import Quantities
public import Robots
import Simulator
public import VirtualRobot

// The electronics that a robot's folder names, on the line that it names.
extension RobotFile {
    public var lineSettings: LineSettings {
        switch bus.driver {
        case .dynamixel, .feetech: LineSettings(rate: baudRate)
        case .moteus, .board: .adapter
        }
    }

    public var baudRate: BaudRate? { bus.baud.flatMap { UInt32(exactly: $0) }.flatMap(BaudRate.init) }

    public var dynamixelWire: DynamixelWire { servos.dynamixelWire(at: baudRate) }
    public var feetechWire: FeetechWire { servos.feetechWire }

    private var servos: [VirtualServo] {
        joints.compactMap { joint in
            VirtualProduct(joint.model).map {
                VirtualServo(product: $0, id: joint.id, stepAtZero: joint.encoderStepAtZero)
            }
        }
    }

    /// Controllers that were calibrated with the motors of the folder.
    public func moteusWire() throws(FileProblems) -> MoteusWire {
        var controllers: [MoteusController.Identity] = []
        for place in joints.indices {
            let metal = try metal(of: place)
            let identity = MoteusController.Identity(
                id: joints[place].id, torqueConstant: metal.torqueConstant, winding: metal[.windingResistance],
                zero: joints[place].zero)
            if let identity { controllers.append(identity) }
        }
        return MoteusWire(controllers, adapter: .usb)
    }

    /// The board of the folder; its program is compiled into this one, or is the given one.
    public func boardWire(running program: (any BoardProgram)? = nil) throws(FileProblems) -> BoardWire {
        let hardware = try boardHardware()
        return program.map { BoardWire(hardware, running: $0) } ?? BoardWire(hardware)
    }

    private func boardHardware() throws(FileProblems) -> BoardHardware {
        guard let count = BoardJointCount(UInt8(joints.count)) else {
            throw FileProblems(problem(ofBody: "a board drives one to four joints"))
        }
        let first = try metal(of: 0).torqueConstant
        let constant = NewtonMetresPerAmpere(first.value * joints[0].gear)
        var hardware = BoardHardware(joints: count, torqueConstant: constant)
        hardware.sensors = boardSensors
        return hardware
    }
}

extension RobotFile {
    /// Those that hang on an input; the others are the body's alone.
    private var boardSensors: [BoardSensor] {
        sensors.enumerated().compactMap { place, sensor in
            sensor.channel.flatMap(BoardInput.init).map {
                BoardSensor(input: $0, place: place, scale: sensor.scale, offset: sensor.offset)
            }
        }
    }
}

extension RobotFile.Joint {
    /// What the encoder of the servo says where the joint is at zero; a turn has 4,096 steps on all servos here.
    fileprivate var encoderStepAtZero: Int32 { Int32((Double(zero.value) * 4_096 / (2 * .pi)).rounded()) }
}
