/// Why a value is not written to a servo without more words.
public enum WriteObjection: Equatable, Sendable {
    case readOnly
    case outOfRange(ClosedRange<Int64>)
    /// A number or a rate of its own: the verb for that looks first whether it is safe.
    case hasItsOwnVerb
    /// It would do something that nobody expects of it, and never should be written by hand.
    case never
    /// The joint would move, or could, now or when the servo starts the next time.
    case moves(Motion)
    /// While the motor is driven the servo keeps these registers closed.
    case isDriven

    /// How.
    public enum Motion: Equatable, Sendable {
        case switchesOn, isGoal, whileDriven, afterStart
        /// It lets go: what the joint holds up, falls.
        case letsGo
    }
}

extension BenchRegister {
    /// - Parameter isDriven: whether the motor is on; nil when nobody knows, which is taken as yes.
    public func objection(to number: Int64, isDriven: Bool?, mayMove: Bool) -> WriteObjection? {
        if access == .readOnly { return .readOnly }
        if !range.contains(number) { return .outOfRange(range) }
        if role == .id || role == .rate { return .hasItsOwnVerb }
        if role == .torque, number != 0, number != 1 { return .never }
        // The other way round, a switched-on joint must always be possible to switch off.
        if role == .torque, number == 0 { return nil }
        if memory == .persistent, isDriven != false { return .isDriven }
        return mayMove ? nil : motion(of: number, isDriven: isDriven != false).map(WriteObjection.moves)
    }

    private func motion(of number: Int64, isDriven: Bool) -> WriteObjection.Motion? {
        switch role {
        case .torque: .switchesOn
        case .goal: .isGoal
        case .startup where number != 0: .afterStart
        case .light, .statusLevel: nil
        default: isDriven ? .whileDriven : nil
        }
    }
}

extension WriteObjection {
    /// Whether a servo may be told to start again.
    public static func toReboot(isDriven: Bool?, startup: Int64?, mayMove: Bool) -> WriteObjection? {
        if mayMove { return nil }
        if isDriven != false { return .moves(.letsGo) }
        return startup == 0 ? nil : .moves(.afterStart)
    }
}
