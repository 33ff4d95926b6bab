internal import CMPI
internal import Glibc

/// Processes that work together, numbered from zero; this is one of them.
///
/// Rank 0 learns and speaks with the robot's guard. The others play what it hands out.
public protocol Ranks: AnyObject {
    var own: Int { get }
    var count: Int { get }
    /// Whether all of it could be handed on while somebody wanted to wait for that.
    func send(_ bytes: [UInt8], to rank: Int, while goesOn: (Duration) -> Bool) -> Bool
    /// What that one has sent; nil when nobody wants to wait any longer.
    func receive(from rank: Int, while goesOn: (Duration) -> Bool) -> [UInt8]?
    /// Ends this one's part, with everybody else.
    func leave()
    /// Ends all of them at once.
    func abandon(_ status: Int32)
}

extension Ranks {
    public var isConductor: Bool { own == 0 }
    var others: Range<Int> { 1..<max(1, count) }
}

/// Why processes that were started together cannot work together.
public struct RanksProblem: Error, Equatable, Sendable {
    public let text: String
}

/// The processes that `mpirun` has started, of which there is one world in a process. One thread uses it.
public final class MPIRanks: Ranks {
    public let own: Int
    public let count: Int

    /// Nil in a process that nobody has started as one of several.
    public static func joined() throws(RanksProblem) -> MPIRanks? {
        guard cmpi_is_launched() != 0 else { return nil }
        var (own, count): (Int32, Int32) = (0, 0)
        // SAFETY: both outlive the call; the text is the library's own and is copied at once.
        if let why = unsafe cmpi_join(&own, &count) { throw RanksProblem(text: unsafe String(cString: why)) }
        return MPIRanks(own: Int(own), count: Int(count))
    }

    private init(own: Int, count: Int) { (self.own, self.count) = (own, count) }

    public func send(_ bytes: [UInt8], to rank: Int, while goesOn: (Duration) -> Bool) -> Bool {
        // SAFETY: the bytes stay where they are until the library has them, or until the process ends.
        unsafe bytes.withUnsafeBytes { buffer in
            guard unsafe cmpi_send(buffer.baseAddress, buffer.count, Int32(rank)) == 0 else { return false }
            var code: Int32 = 0
            let isSent = Self.wait(goesOn) {
                code = cmpi_is_sent()
                return code != 0
            }
            return isSent && code > 0
        }
    }

    public func receive(from rank: Int, while goesOn: (Duration) -> Bool) -> [UInt8]? {
        var size = -1
        let isThere = Self.wait(goesOn) {
            size = cmpi_waiting(Int32(rank))
            return size != -1
        }
        guard isThere, size >= 0 else { return nil }
        var isTaken = false
        // SAFETY: exactly as many bytes as were said to wait are written into room for as many.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { room, filled in
            isTaken = unsafe cmpi_receive(room.baseAddress, size, Int32(rank)) == 0
            filled = isTaken ? size : 0
        }
        return isTaken ? bytes : nil
    }

    public func leave() { cmpi_leave() }

    public func abandon(_ status: Int32) { cmpi_abandon(status) }

    /// Short rests: who waits for hours, as the others do while the robot moves, must not keep a core busy.
    private static func wait(_ goesOn: (Duration) -> Bool, until isDone: () -> Bool) -> Bool {
        var (waited, rest) = (Duration.zero, 20)
        while !isDone() {
            guard goesOn(waited) else { return false }
            usleep(UInt32(rest))
            waited += .microseconds(rest)
            // A tenth of what was waited already, and no longer than a millisecond.
            rest = min(1_000, max(20, rest + rest / 10))
        }
        return true
    }
}
