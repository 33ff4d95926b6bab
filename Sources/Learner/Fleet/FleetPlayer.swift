internal import GuardCalls
internal import Learning
public import Supervision
internal import Varlink

/// What the other ranks do until they are told to end: play what they are handed, and hand on what rank 0 and the guard of
/// their own robot have to say to each other.
public struct FleetPlayer: ~Copyable {
    private let ranks: any Ranks
    private let digest: Digest
    private let host: String
    private let now: () -> Duration
    private let robot: FarRobot?
    /// Plays with the models as rank 0 knows them, by its record; nil where that cannot be.
    private let ensemble: ([UInt8]) -> Ensemble?
    private var own: Ensemble?
    /// So often it says that it is there, while it waits for its guard.
    private static let beat = Duration.seconds(10)

    /// - Parameters:
    ///   - robot: nil for one that only rehearses.
    ///   - ensemble: is made of the bytes of rank 0's record; they are none where that has none.
    public init(
        _ ranks: any Ranks, sharing digest: Digest, host: String, now: @escaping () -> Duration,
        robot: FarRobot? = nil, ensemble: @escaping ([UInt8]) -> Ensemble?
    ) {
        (self.ranks, self.digest, self.host, self.now) = (ranks, digest, host, now)
        (self.robot, self.ensemble) = (robot, ensemble)
    }

    /// True when it was told to end, false when nobody wanted to wait any longer or rank 0 speaks another language.
    public mutating func play(while goesOn: () -> Bool) -> Bool {
        var next: [UInt8]?
        while let bytes = next ?? ranks.receive(from: 0, while: { _ in goesOn() }) {
            next = nil
            guard let message = FleetMessage(bytes) else { return false }
            if case .end = message {
                _ = ranks.send(message.bytes, to: 0, while: { _ in goesOn() })
                ranks.leave()
                return true
            }
            if let answer = answer(to: message, while: goesOn, &next) {
                guard ranks.send(answer.bytes, to: 0, while: { _ in goesOn() }) else { return false }
            } else if next == nil {
                return false
            }
        }
        return false
    }

    /// Nil where there is none: nobody waits for it any longer, or something else was said meanwhile, which is then `next`.
    private mutating func answer(
        to message: FleetMessage, while goesOn: () -> Bool, _ next: inout [UInt8]?
    ) -> FleetMessage? {
        let (ranks, now) = (ranks, now)
        var beaten = now()
        func isAwaited() -> Bool {
            next = next ?? ranks.receive(from: 0, while: { _ in false })
            guard next == nil, goesOn() else { return false }
            guard now() - beaten > Self.beat else { return true }
            beaten = now()
            return ranks.send(FleetMessage.waits.bytes, to: 0, while: { _ in goesOn() })
        }
        switch message {
        case .greeting(let asked, let record):
            own = asked == digest ? ensemble(record) : nil
            return .answer(isSame: own != nil, host: host, socket: robot?.socket ?? "")
        case .order(let order): return play(order)
        case .look: return robot.map { $0.look(while: isAwaited) } ?? .trouble(.call(.missing))
        case .fly(let proposal):
            return robot?.fly(proposal, while: isAwaited) { news in
                _ = ranks.send(FleetMessage(news).bytes, to: 0, while: { _ in goesOn() })
            }
        case .answer, .played, .robot, .standing, .flown, .trouble, .gone, .waits, .end: return nil
        }
    }

    private mutating func play(_ order: StageOrder) -> FleetMessage? {
        guard var own else { return nil }
        let began = now()
        let played = own.play(order.policy, order.parts, isQuiet: order.isQuiet)
        return .played(StageAnswer(played, nanoseconds: Int64((now() - began) / .nanoseconds(1))))
    }
}
