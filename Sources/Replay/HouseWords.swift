public import Recordings
internal import Supervision

/// The words that recordings of this house have for the supervisor's numbers.
public enum HouseWords {
    static let modes = ["unknown", "identified", "verified", "observing", "permitted", "running", "held", "latched"]
    static let rulings = ["idle", "pass", "clamp", "stop"]
    static let rungs = ["", "hold", "slow_stop", "park", "limp"]
    /// What happens outside of a tick, where a recording tells of it.
    static let events = ["fault", "finish", "resume", "episode"]

    static let permitted: UInt8 = 4
    /// The mode in which a policy is asked.
    public static let running: UInt8 = 5

    /// What a reader of episodes has to know.
    public static var episode: EpisodeWords {
        var words = EpisodeWords()
        words.modes = modes
        words.rulings = rulings
        words.rules = (0..<32).map { Rule(rawValue: $0).map { "\($0)" } ?? "" }
        words.rungs = rungs
        words.events = events
        return words
    }
}
