/// What a port says by itself when it is let go of, such as the packet that switches motors off.
///
/// It lies with the port and not with the driver because a driver's own `deinit` cannot be relied on: optimised builds
/// of Swift 6.3 leave out that of a generic type that cannot be copied whenever generic code destroys it. What a port is
/// made of is not generic.
public struct LastWords: Sendable {
    private(set) var storage = InlineArray<512, UInt8>(repeating: 0)
    private(set) var count = 0

    public static let nothing = LastWords()
    /// How long a device that does not listen can hold up the end.
    static let patience = Duration.milliseconds(100)

    private init() {}

    /// What is longer than a batch of packets for all joints is no last word.
    public init(_ bytes: Span<UInt8>) {
        guard bytes.count <= storage.count else { preconditionFailure("\(bytes.count) bytes of last words") }
        for place in bytes.indices { storage[place] = bytes[place] }
        count = bytes.count
    }

    public var isEmpty: Bool { count == 0 }
}
