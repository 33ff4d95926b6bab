public import Quantities

/// Host to board: who are you, and were we built from the same layout? Version 0 for ever.
public struct Identify: Equatable, Sendable {
    public internal(set) var layout: LinkLayout

    public init(layout: LinkLayout) { self.layout = layout }
}

/// The number that the chip was made with.
public struct ChipIdentifier: Equatable, Sendable {
    public internal(set) var low: UInt32
    public internal(set) var middle: UInt32
    public internal(set) var high: UInt32

    public init(high: UInt32, middle: UInt32, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }
}

/// Board to host: the answer to `Identify`. Version 0 for ever.
public struct Identification: Equatable, Sendable {
    public internal(set) var layout: LinkLayout
    public internal(set) var chip: ChipIdentifier
    /// The first eight bytes of the hash of the firmware's source.
    public internal(set) var firmwareBuild: DoubleWord
    public internal(set) var joints: BoardJointCount
    /// The time between two ticks of the board, at most 32.8 ms.
    public internal(set) var tickPeriod: Seconds

    public init(
        layout: LinkLayout, chip: ChipIdentifier, firmwareBuild: DoubleWord, joints: BoardJointCount,
        tickPeriod: Seconds
    ) {
        self.layout = layout
        self.chip = chip
        self.firmwareBuild = firmwareBuild
        self.joints = joints
        self.tickPeriod = tickPeriod
    }
}

extension LinkLayout {
    @_noAllocation @_noLocks
    init() { self.init(protocolVersion: 0, hash: 0) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.plain(&protocolVersion)
        fields.plain(&hash)
    }
}

extension Identify {
    @_noAllocation @_noLocks
    init() { self.init(layout: LinkLayout()) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        layout.visit(&fields)
    }
}

extension ChipIdentifier {
    @_noAllocation @_noLocks
    init() { self.init(high: 0, middle: 0, low: 0) }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        fields.plain(&low)
        fields.plain(&middle)
        fields.plain(&high)
    }
}

extension Identification {
    @_noAllocation @_noLocks
    init() {
        self.init(
            layout: LinkLayout(), chip: ChipIdentifier(), firmwareBuild: .zero, joints: .four,
            tickPeriod: Seconds(0.001))
    }

    @_noAllocation @_noLocks
    mutating func visit(_ fields: inout Fields) {
        layout.visit(&fields)
        chip.visit(&fields)
        fields.plain(&firmwareBuild)
        fields.count(&joints)
        fields.bound(&tickPeriod)
    }
}
