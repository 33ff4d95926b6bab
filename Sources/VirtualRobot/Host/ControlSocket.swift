public import Ports

/// The side channel of a virtual robot: a socket at which people and programs see its inputs and meddle with it.
///
/// Everybody who connects gets a line of JSON with the state at every turn, about twenty a second:
///
///     {"t":1234000000,"emergency_stop":false,"dead_man":"held","plugged":true,"faults":["stuck-joint#1"]}
///
/// The switch counts as held only while such lines say so: who hears none for 200 ms takes it for released. Lines that a
/// client sends are commands, as `LiveCommand` reads them; each is answered by `{"ok":true}` or
/// `{"ok":false,"wrong":"..."}`. A client that does not take its lines is let go.
public struct ControlSocket: ~Copyable {
    private static let mostClients = 16

    private final class Client {
        var link: SocketLink
        var begun: [UInt8] = []

        init(_ link: consuming SocketLink) { self.link = link }
    }

    private let listener: SocketListener
    private var clients: [Client] = []

    public init(at path: String) throws(PortError) { listener = try SocketListener(at: path) }

    public var path: String { listener.path }

    /// One turn: hears everybody, does what they ask, and tells them the state if there is a new one.
    public mutating func serve(_ control: HostControl, _ snapshot: RobotSnapshot?) {
        while clients.count < Self.mostClients, let link = try? listener.accept(by: .past) {
            clients.append(Client(link))
        }
        let state = snapshot?.controlLine
        clients.removeAll { client in
            guard Self.hear(client, control) else { return true }
            return state.map { !Self.say($0, to: client) } ?? false
        }
    }

    /// Whether the client is still there, and worth listening to.
    private static func hear(_ client: Client, _ control: HostControl) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1_024)
        var room = chunk.mutableSpan
        do throws(PortError) {
            let count = try client.link.read(into: &room, by: .past)
            client.begun += chunk[..<count]
        } catch .timedOut { return true } catch { return false }
        while let end = client.begun.firstIndex(of: 0x0A) {
            let line = String(decoding: client.begun[..<end], as: UTF8.self)
            client.begun.removeFirst(end + 1)
            guard say(answer(to: line, control), to: client) else { return false }
        }
        return client.begun.count <= 4_096
    }

    private static func answer(to line: String, _ control: HostControl) -> String {
        do throws(FaultPlanError) {
            control.ask(try LiveCommand(parsing: line))
            return "{\"ok\":true}\n"
        } catch {
            return "{\"ok\":false,\"wrong\":\"\(plain(error.word))\"}\n"
        }
    }

    private static func say(_ line: String, to client: Client) -> Bool {
        let bytes = Array(line.utf8)
        do throws(PortError) { try client.link.write(bytes.span, by: .now() + .milliseconds(5)) } catch { return false }
        return true
    }

    /// Without what would end the string it stands in.
    private static func plain(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\"" && $0 != "\\" }.map(Character.init))
    }
}

extension FaultPlanError {
    /// The piece of the plan that is wrong.
    public var word: String {
        switch self {
        case .unknownName(let word), .badTime(let word), .badValue(let word), .badPlace(let word): word
        case .noPlace(let name), .noValue(let name): name.rawValue
        }
    }
}

extension Fault {
    /// As it is written in a plan, without its times and its number.
    public var shortText: String { name.rawValue + (place.map { "#\($0 + 1)" } ?? "") }
}

extension RobotSnapshot {
    /// The state as a line for those who are connected.
    var controlLine: String {
        let names = faults.map { "\"\($0.shortText)\"" }.joined(separator: ",")
        return "{\"t\":\(instant.nanoseconds),\"emergency_stop\":\(isEmergencyStopped),\"dead_man\":"
            + "\"\(isDeadManHeld ? "held" : "released")\",\"plugged\":\(isPlugged),\"faults\":[\(names)]}\n"
    }
}
