import Ports
import Quantities

// Registers by joint.
extension DynamixelBus where Port: ~Copyable {
    mutating func set(
        _ item: Dynamixel.Item, of joint: JointIndex, to number: Int64, by deadline: MonotonicInstant
    ) throws(BusError) {
        let servo = servo(joint)
        guard let register = servo.model.register(item) else { throw .unsupported(joint) }
        try ask { (master) throws(Dynamixel.ServoFailure) in
            try master.set(number, in: register, of: servo.id, by: deadline)
        }
    }

    mutating func set(_ item: Dynamixel.Item, to number: UInt8, by deadline: MonotonicInstant) throws(BusError) {
        var rest = JointSet(all: joints)
        while let joint = rest.popFirst() { try set(item, of: joint, to: Int64(number), by: deadline) }
    }

    mutating func read(
        _ item: Dynamixel.Item, of joint: JointIndex, by deadline: MonotonicInstant
    ) throws(BusError) -> Int64 {
        let servo = servo(joint)
        guard let register = servo.model.register(item) else { throw .unsupported(joint) }
        return try ask { (master) throws(Dynamixel.ServoFailure) in
            try master.read(register, of: servo.id, by: deadline)
        }
    }
}
