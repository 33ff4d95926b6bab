internal import Quantities
internal import Supervision

/// A flight under way, from its permit to the robot's rest.
struct Flight<Flown: Pilot> {
    let serial: UInt64
    let pilot: Flown
    /// Ticks for which the pilot was in command.
    var ticks = Ticks.zero
    /// The first fault.
    var cause: Fault?
    var hasBegun = false
}
