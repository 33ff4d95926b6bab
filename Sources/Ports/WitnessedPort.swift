/// One thing that was asked of a port, and what came of it; nil is that it was done.
public enum PortStep: Equatable, Sendable {
    /// Its clock was read.
    case clock(MonotonicInstant)
    /// The bytes are those that the witness was told of just before.
    case wrote(PortError?)
    case read(PortError?)
    case discarded(Int, PortError?)
    case slept(PortError?)
}

/// Whoever hears what goes on at a port: everything, in order, on the thread that has the port. Must not wait.
public protocol PortWitness: Sendable {
    /// The bytes of the step that follows.
    func heard(_ bytes: Span<UInt8>)

    func saw(_ step: PortStep)
}

/// A port with a witness of all that it is asked and answers; it does what it would do without one.
///
/// With the same answers in the same order whoever talks over a port does the same again: what is witnessed is enough
/// to repeat a conversation, to the last bit and with the times of then.
public struct WitnessedPort<Port: BytePort & ~Copyable, Witness: PortWitness>: BytePort, ~Copyable {
    private var port: Port
    private let witness: Witness

    public init(_ port: consuming Port, _ witness: Witness) {
        self.port = port
        self.witness = witness
    }

    public var counters: PortCounters { port.counters }

    public var now: MonotonicInstant {
        let now = port.now
        witness.saw(.clock(now))
        return now
    }

    public mutating func write(_ bytes: Span<UInt8>, by deadline: MonotonicInstant) throws(PortError) {
        do throws(PortError) {
            try port.write(bytes, by: deadline)
            witness.heard(bytes)
            witness.saw(.wrote(nil))
        } catch {
            witness.heard(bytes)
            witness.saw(.wrote(error))
            throw error
        }
    }

    public mutating func read(
        into buffer: inout MutableSpan<UInt8>, from start: Int, by deadline: MonotonicInstant
    ) throws(PortError) -> Int {
        do throws(PortError) {
            let count = try port.read(into: &buffer, from: start, by: deadline)
            witness.heard(buffer.span.extracting(start..<start + count))
            witness.saw(.read(nil))
            return count
        } catch {
            witness.saw(.read(error))
            throw error
        }
    }

    public mutating func expect(_ bytes: Int) { port.expect(bytes) }

    public mutating func discardInput() throws(PortError) -> Int {
        do throws(PortError) {
            let count = try port.discardInput()
            witness.saw(.discarded(count, nil))
            return count
        } catch {
            witness.saw(.discarded(0, error))
            throw error
        }
    }

    public mutating func sleep(until instant: MonotonicInstant) throws(PortError) {
        do throws(PortError) {
            try port.sleep(until: instant)
            witness.saw(.slept(nil))
        } catch {
            witness.saw(.slept(error))
            throw error
        }
    }

    public mutating func setLastWords(_ words: LastWords) { port.setLastWords(words) }
}
