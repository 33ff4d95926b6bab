internal import Glibc

// The robots of the other ranks, as rank 0 hears of them.
extension Fleet {
    /// How many robots there may be: one for each rank.
    public var size: Int { ranks.count }

    /// What one has said since it was heard last; nil when that is nothing. Who says nothing for long is lost.
    func hear(_ rank: Int) -> FleetMessage? {
        guard let bytes = ranks.receive(from: rank, while: { _ in false }) else {
            if now() - heard[rank] > Self.patience { giveUp(rank) }
            return nil
        }
        guard let message = FleetMessage(bytes) else { giveUp(rank) }
        heard[rank] = now()
        return message
    }

    /// What one answers; nil when nobody wants to wait any longer.
    func answer(of rank: Int, while goesOn: () -> Bool) -> FleetMessage? {
        while goesOn() {
            switch hear(rank) {
            case .waits?, .gone?: continue
            case let message?: return message
            case nil: Self.rest()
            }
        }
        return nil
    }

    func giveUp(_ rank: Int) -> Never {
        lose(.lost(rank: rank, host: places[rank].host, after: now() - heard[rank]))
    }

    /// Nothing that robots do is over sooner.
    static func rest() { usleep(5_000) }
}
