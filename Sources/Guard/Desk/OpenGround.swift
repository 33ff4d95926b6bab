public import Episodes

/// A right under which plans fly without a person, until it is used up, ends or is withdrawn.
public struct OpenGround: Equatable, Sendable {
    /// The ledger's number, by which it is withdrawn.
    public let serial: UInt64
    /// Nil where it is a batch.
    public let rule: Name?
    /// Nil where it is a rule, which counts by the day.
    public let episodesLeft: Int?
    public let until: WallInstant

    public init(serial: UInt64, rule: Name?, episodesLeft: Int?, until: WallInstant) {
        self.serial = serial
        self.rule = rule
        self.episodesLeft = episodesLeft
        self.until = until
    }
}

extension ApprovalMode {
    /// How plans are approved under these rights: by the strongest one.
    public init(under grounds: [OpenGround]) {
        self = grounds.contains { $0.rule != nil } ? .standing : grounds.isEmpty ? .each : .batch
    }
}
