import Robots
import VirtualRobot

/// What single keys and typed lines mean to somebody who watches a virtual robot.
struct ViewKeys: Equatable {
    enum Wish: Equatable {
        case command(LiveCommand)
        case quit
    }

    /// What has been typed so far; nil when nobody types.
    private(set) var typed: String?
    private var remark = ""

    static let prompt = "fault (like stuck-joint#1+2s, or mend stuck-joint): "

    var message: String { typed.map { Self.prompt + $0 + "_" } ?? remark }

    /// - Parameters:
    ///   - isStopped: whether the emergency stop is pressed now: the same key releases it.
    ///   - isHeld: whether the dead-man switch is held now.
    mutating func press(_ key: UInt8, isStopped: Bool, isHeld: Bool) -> Wish? {
        if typed != nil { return type(key) }
        switch key {
        case UInt8(ascii: " "): return tell(isStopped ? .releaseStop : .pressStop, isStopped ? "released" : "stopped")
        case UInt8(ascii: "d"): return tell(isHeld ? .letGo : .hold, isHeld ? "let go" : "held")
        case UInt8(ascii: "m"): return tell(.mend(nil, place: nil), "everything is mended")
        case UInt8(ascii: "q"): return .quit
        case UInt8(ascii: "f"):
            typed = ""
            return nil
        default: return nil
        }
    }

    private mutating func tell(_ command: LiveCommand, _ remark: String) -> Wish {
        self.remark = remark
        return .command(command)
    }

    private mutating func type(_ key: UInt8) -> Wish? {
        guard let line = typed else { return nil }
        switch key {
        case 0x0A, 0x0D:
            typed = nil
            return line.isEmpty ? nil : understand(line)
        case 0x1B:
            typed = nil
            remark = ""
        case 0x08, 0x7F: typed = String(line.dropLast())
        case 0x20...0x7E where line.count < 120: typed = line + String(UnicodeScalar(key))
        default: break
        }
        return nil
    }

    private mutating func understand(_ line: String) -> Wish? {
        do throws(FaultPlanError) {
            return tell(try LiveCommand(parsing: line), line)
        } catch {
            remark = "\(quoted(error.word)): expected \(error.expected)"
            return nil
        }
    }
}
