internal import Episodes
public import GuardCalls

/// The robots that fly the episodes of a run: the one of this machine, and where a run has several, one of each further rank.
///
/// Each has a guard of its own, which asks of each plan what it asks of any: nothing of an approval is shared. What flies at
/// the same time is awaited together, and whoever ends the run says which robot it was.
public struct Cast: ~Copyable {
    private var link: GuardLink
    /// Where the guard of this machine keeps its recordings.
    let recordings: String
    /// Where the others are; nil for a run of one robot.
    private var fleet: Fleet?

    public init(_ link: consuming GuardLink, recordings: String) {
        self.link = link
        self.recordings = recordings
    }

    /// The robot of this machine, as its guard knows it; nil when nobody wants to wait for that.
    public mutating func robot(while goesOn: () -> Bool) throws(LearnerTrouble) -> GuardedRobot? {
        try link.robot(while: goesOn)
    }

    /// So many others join, as their guards know them: of the same kind as the first, and each of them another one.
    public mutating func join(
        _ others: Int, of fleet: Fleet, like first: GuardedRobot, while goesOn: () -> Bool
    ) throws(LearnerTrouble) -> [GuardedRobot]? {
        self.fleet = fleet
        for rank in 1...others { fleet.hand(.look, to: rank) }
        var found = [first]
        for rank in 1...others {
            guard let answer = fleet.answer(of: rank, while: goesOn) else { return nil }
            switch answer {
            case .robot(let robot):
                if let trouble = Self.difference(robot, found) { throw self.trouble(trouble, of: rank) }
                found.append(robot)
            case .trouble(let error): throw trouble(.call(error), of: rank)
            default: fleet.giveUp(rank)
            }
        }
        return Array(found.dropFirst())
    }

    static func difference(_ robot: GuardedRobot, _ found: [GuardedRobot]) -> LearnerTrouble? {
        if robot.name != found[0].name || robot.robot != found[0].robot { return .otherKind(.robotFile) }
        if robot.envelope != found[0].envelope { return .otherKind(.envelope) }
        // What was measured of one robot is true of no other; and one guard is not two.
        return found.firstIndex { $0.calibration == robot.calibration }.map { .sameRobot(as: $0 + 1) }
    }

    /// Says which robot it was, where there are several.
    func trouble(_ trouble: LearnerTrouble, of robot: Int) -> LearnerTrouble {
        fleet.map { .robot($0.places[robot], trouble) } ?? trouble
    }

    /// Hands each robot its plan and waits until all have ended, or one was denied: the others are nil then.
    ///
    /// Nil when nobody wants to wait any longer.
    mutating func fly(
        _ proposals: [Proposal], while goesOn: () -> Bool, tell: (Int, RobotNews) -> Void
    ) throws(LearnerTrouble) -> [Flight?]? {
        var far = FarFlights(proposals.dropFirst(), fleet)
        let own: PlanStanding?
        do throws(CallError) {
            own = try link.flown(
                proposals[0], while: { far.listen(tell) && goesOn() }, tell: { tell(0, $0) })
        } catch { throw trouble(.call(error), of: 0) }
        if let own, own.state != .denied {
            while far.listen(tell), far.isFlying, goesOn() { Fleet.rest() }
        }
        if let (rank, error) = far.trouble { throw trouble(.call(error), of: rank) }
        let flights = [own.map { Flight(standing: $0, sent: nil) }] + far.flights
        let isDenied = flights.contains { $0?.standing.state == .denied }
        return isDenied || flights.allSatisfy { $0 != nil } ? flights : nil
    }
}

/// How a plan ended.
struct Flight {
    let standing: PlanStanding
    /// The recording of a robot of another machine; nil for that of this one.
    let sent: [UInt8]?
}

/// What is heard of the flights of the other ranks' robots.
private struct FarFlights {
    /// The first is that of rank 1.
    private(set) var flights: [Flight?]
    private(set) var trouble: (rank: Int, CallError)?
    private let fleet: Fleet?

    init(_ proposals: ArraySlice<Proposal>, _ fleet: Fleet?) {
        flights = Array(repeating: nil, count: proposals.count)
        self.fleet = fleet
        for (place, proposal) in proposals.enumerated() { fleet?.hand(.fly(proposal), to: place + 1) }
    }

    var isFlying: Bool { flights.contains { $0 == nil } }

    /// Takes what was said; false when there is no more to wait for.
    mutating func listen(_ tell: (Int, RobotNews) -> Void) -> Bool {
        for place in flights.indices where flights[place] == nil { hear(place + 1, tell) }
        return trouble == nil && !flights.contains { $0?.standing.state == .denied }
    }

    private mutating func hear(_ rank: Int, _ tell: (Int, RobotNews) -> Void) {
        while let fleet, let message = fleet.hear(rank) {
            switch message {
            case .waits: continue
            case .standing(let standing): tell(rank, .standing(standing))
            case .gone(let error): tell(rank, .gone(error))
            case .flown(let standing, let recording):
                flights[rank - 1] = Flight(standing: standing, sent: recording)
                return
            case .trouble(let error):
                trouble = (rank, error)
                return
            default: fleet.giveUp(rank)
            }
        }
    }
}
