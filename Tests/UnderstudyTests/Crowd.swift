import Guard
import JSON
import Ports
import Varlink

/// Every place that a guard has for the user who runs the tests, each held with a call that does not end.
final class Crowd {
    private let streams: [Stream]

    init(at socket: String) throws {
        streams = try (0..<ServerLimits().connectionsPerUser).map { _ in try Stream(at: socket) }
    }

    private final class Stream {
        private var client: VarlinkClient

        /// It has its place when the first answer has come.
        init(at socket: String) throws {
            client = try VarlinkClient(to: socket, by: .now() + .seconds(60))
            try client.send("\(GuardInterface.name).Watch", [:], .more, by: .now() + .seconds(60))
            _ = try client.receive(by: .now() + .seconds(60))
        }
    }

    /// Whether one more of this user is told so.
    static func isThere(at socket: String) throws -> Bool {
        var newcomer = try VarlinkClient(to: socket, by: .now() + .seconds(60))
        do throws(ClientError) {
            _ = try newcomer.call("\(GuardInterface.name).Status", by: .now() + .seconds(60))
            return false
        } catch {
            guard case .refused(let refusal) = error else { throw error }
            return refusal.name == GuardInterface.crowded
        }
    }
}
