internal import Episodes
internal import GuardCalls

/// Where a robot of a run is.
public struct RobotPlace: Equatable, Sendable {
    public let rank: Int
    public let host: String
    /// Where its guard is reached there; empty for the robot of rank 0, whose learner knows.
    public let socket: String

    public init(rank: Int, host: String, socket: String) {
        (self.rank, self.host, self.socket) = (rank, host, socket)
    }

    /// Robots count from one.
    public var number: Int { rank + 1 }
}

/// The robot of another rank than 0: what the learner wants of its guard is handed on, and what the guard says handed back.
///
/// It knows nothing of the run and decides nothing. The guard demands of each plan what it demands of any.
public final class FarRobot {
    let socket: String
    private let recordings: String
    private var link: GuardLink

    /// - Parameters:
    ///   - socket: of the guard, for whoever has to look after it.
    ///   - recordings: where the guard keeps them.
    public init(_ link: consuming GuardLink, socket: String, recordings: String) {
        (self.socket, self.recordings) = (socket, recordings)
        self.link = link
    }

    func look(while isAwaited: () -> Bool) -> FleetMessage? {
        do throws(CallError) {
            let robot = try link.ask(while: isAwaited) { caller, _ throws(CallError) in try caller.robot() }
            return robot.map { .robot($0) }
        } catch { return .trouble(error) }
    }

    func fly(_ proposal: Proposal, while isAwaited: () -> Bool, tell: (RobotNews) -> Void) -> FleetMessage? {
        do throws(CallError) {
            let standing = try link.flown(proposal, while: isAwaited, tell: tell)
            return standing.map { .flown($0, recording: recording(of: $0)) }
        } catch { return .trouble(error) }
    }

    private func recording(of standing: PlanStanding) -> [UInt8] {
        guard let path = standing.recording(in: recordings) else { return [] }
        do throws(FolderError) { return try FolderFiles.read(path) ?? [] } catch { return [] }
    }
}

extension PlanStanding {
    /// Where its recording is, where the guard keeps them in this folder; nil where there is none.
    func recording(in folder: String) -> String? {
        recording.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
    }
}
