internal import Expressions

/// Rows of lanes in memory of their own. What is read and written is checked, and nothing is allocated after `init`.
@safe struct LaneRows<Vector: LaneVector>: ~Copyable {
    let count: Int
    private let rows: UnsafeMutablePointer<Vector>

    init(_ count: Int) {
        self.count = count
        // Wide registers take twice as long for what lies across a border of 64 bytes.
        let bytes = max(count, 1) * MemoryLayout<Vector>.stride
        let room = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        // SAFETY: the memory is this value's own, set before it is read, and lives as long as the value.
        unsafe rows = room.bindMemory(to: Vector.self, capacity: max(count, 1))
        unsafe rows.initialize(repeating: Vector(repeating: 0), count: max(count, 1))
    }

    // SAFETY: what was asked for, and nobody uses it any more.
    deinit { unsafe UnsafeMutableRawPointer(rows).deallocate() }

    @inline(__always) subscript(row: Int) -> Vector {
        get {
            guard row >= 0, row < count else { preconditionFailure("a row outside") }
            // SAFETY: the row was just checked to be inside.
            return unsafe rows[row]
        }
        nonmutating set {
            guard row >= 0, row < count else { preconditionFailure("a row outside") }
            // SAFETY: as above.
            unsafe rows[row] = newValue
        }
    }

    /// Whoever reads or writes `inside` has asked for those rows before, all at once: a check at every row of an inner
    /// loop costs as much as its arithmetic.
    @inline(__always)
    func demand(_ rows: Range<Int>) {
        guard rows.lowerBound >= 0, rows.upperBound <= count else { preconditionFailure("rows outside") }
    }

    @inline(__always) subscript(inside row: Int) -> Vector {
        // SAFETY: `demand` has found the row to be inside.
        get { unsafe rows[row] }
        // SAFETY: as above.
        nonmutating set { unsafe rows[row] = newValue }
    }

    /// One lane, with the lanes of all rows numbered through.
    @inline(__always)
    func lane(_ lane: Int) -> Vector.Element { self[lane / Vector.width][lane % Vector.width] }

    @inline(__always)
    func setLane(_ lane: Int, _ value: Vector.Element) { self[lane / Vector.width][lane % Vector.width] = value }

    /// Where the numbers of a row begin; those of the rows behind it follow. Whoever takes it has asked for the rows.
    @unsafe @inline(__always)
    func floats(from row: Int) -> UnsafeMutablePointer<Float> {
        // SAFETY: only the kernels for floats take it, and rows of those are floats side by side.
        unsafe UnsafeMutableRawPointer(rows + row).assumingMemoryBound(to: Float.self)
    }

    func fill(with value: Vector.Element) {
        for row in 0..<count { self[row] = Vector(repeating: value) }
    }
}
