/// What a slave was told, until it acts on it: one entry for each round of its firmware, in a ring of a fixed length.
struct LateCommands<Told: Sendable>: Sendable {
    private var ring: [Told]
    private var next = 0

    /// Nil for no rounds at all: then everything counts as soon as it is told.
    init?(rounds: Int, filled told: Told) {
        guard rounds > 0 else { return nil }
        ring = Array(repeating: told, count: rounds)
    }

    /// Takes what is told in this round, and says what was told so many rounds ago.
    mutating func pass(_ told: Told) -> Told {
        defer { next = (next + 1) % ring.count }
        let due = ring[next]
        ring[next] = told
        return due
    }

    /// Everything before this is forgotten.
    mutating func fill(with told: Told) { for place in ring.indices { ring[place] = told } }
}

extension LateCommands: Equatable where Told: Equatable {}
