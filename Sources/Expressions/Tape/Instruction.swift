/// One operation on whole columns of lanes.
public struct Instruction: Sendable {
    let operation: Operation
    /// Columns: where the result goes, and the operands. For the sine and cosine, `b` is where the cosine goes.
    var destination: Int32
    var a: Int32
    var b: Int32
    var c: Int32
}

/// Lanes of one number: a block behind another, or the same block again and again.
@safe struct Column {
    /// How many bytes are computed in one step: two vectors, so that one need not wait for the other.
    static let blockSize = 32

    let start: UnsafeMutableRawPointer
    /// From one block to the next; 0 for a number that all lanes share.
    let step: Int

    init(_ start: UnsafeMutableRawPointer, step: Int) {
        unsafe self.start = start
        self.step = step
    }

    @inline(__always)
    func load<Vector: LaneVector>(_ offset: Int) -> Vector {
        // SAFETY: the tape only names columns of its workspace, and each holds the blocks that it runs over.
        unsafe start.loadUnaligned(fromByteOffset: offset, as: Vector.self)
    }

    @inline(__always)
    func store<Vector: LaneVector>(_ vector: Vector, _ offset: Int) {
        // SAFETY: as above; no shared column is ever a destination of a tape that runs over more than one block.
        unsafe start.storeBytes(of: vector, toByteOffset: offset, as: Vector.self)
    }
}

/// The columns of one tile, as many as the tape names.
@safe public struct ColumnTable {
    private let columns: UnsafeMutableBufferPointer<Column>

    init(_ columns: UnsafeMutableBufferPointer<Column>) { unsafe self.columns = columns }

    @inline(__always)
    subscript(index: Int32) -> Column {
        get {
            // SAFETY: the tape was written for a table of this size; both are checked when a run begins.
            unsafe columns[Int(truncatingIfNeeded: index)]
        }
        nonmutating set {
            // SAFETY: as above.
            unsafe columns[Int(truncatingIfNeeded: index)] = newValue
        }
    }
}
