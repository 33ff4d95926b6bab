internal import Expressions

/// Rows of four floats, for code that the compiler proves free of allocation: it does not see through a generic type.
@safe struct FloatRows: ~Copyable {
    private let count: Int
    private let bytes: UnsafeMutableRawPointer

    init(_ count: Int) {
        self.count = count
        // SAFETY: the memory is this value's own, set before it is read, and lives as long as the value.
        unsafe bytes = .allocate(byteCount: 16 * max(count, 1), alignment: 64)
        unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: 16 * max(count, 1))
    }

    deinit { unsafe bytes.deallocate() }

    @inline(__always) subscript(row: Int) -> FloatLanes {
        @_noAllocation @_noLocks get {
            guard row >= 0, row < count else { preconditionFailure("a row outside") }
            // SAFETY: the row was just checked to be inside, and any 16 bytes are a row.
            return unsafe bytes.load(fromByteOffset: 16 * row, as: FloatLanes.self)
        }
        @_noAllocation @_noLocks nonmutating set {
            guard row >= 0, row < count else { preconditionFailure("a row outside") }
            // SAFETY: as above.
            unsafe bytes.storeBytes(of: newValue, toByteOffset: 16 * row, as: FloatLanes.self)
        }
    }

    /// One float, with the floats of all rows numbered through.
    @inline(__always) @_noAllocation @_noLocks
    func lane(_ lane: Int) -> Float {
        guard lane >= 0, lane < 4 * count else { preconditionFailure("a lane outside") }
        // SAFETY: the lane was just checked to be inside, and any four bytes are a float.
        return unsafe bytes.load(fromByteOffset: 4 * lane, as: Float.self)
    }

    @inline(__always) @_noAllocation @_noLocks
    func setLane(_ lane: Int, _ value: Float) {
        guard lane >= 0, lane < 4 * count else { preconditionFailure("a lane outside") }
        // SAFETY: as above.
        unsafe bytes.storeBytes(of: value, toByteOffset: 4 * lane, as: Float.self)
    }

    /// What a row of weights has for each input: where the first row is, and how far it is to the next input's.
    struct Columns {
        let row: Int
        let step: Int
        let bias: Int

        @inline(__always) @_noAllocation @_noLocks
        init(row: Int, step: Int, bias: Int) {
            self.row = row
            self.step = step
            self.bias = bias
        }
    }

    /// Eight rows of sums: the bias and, input by input, the weights times the float of that number from `lane` on.
    /// They stay in registers while the inputs go by, which is where the time of a policy goes.
    @inline(__always) @_noAllocation @_noLocks
    func sums(of columns: Columns, inputs: Int, from lane: Int, to place: Int) {
        guard isInside(columns, 8, inputs, lane, place) else { preconditionFailure("rows outside") }
        // SAFETY: everything from the first to the last row, input, bias and sum was just checked to be inside.
        unsafe uncheckedSums(columns, inputs, bytes + 4 * lane, bytes + 16 * place)
    }

    /// The same for two rows, of which a narrow layer has few.
    @inline(__always) @_noAllocation @_noLocks
    func pairOfSums(of columns: Columns, inputs: Int, from lane: Int, to place: Int) {
        guard isInside(columns, 2, inputs, lane, place) else { preconditionFailure("rows outside") }
        // SAFETY: as above.
        unsafe uncheckedPair(columns, inputs, bytes + 4 * lane, bytes + 16 * place)
    }

    @_noAllocation @_noLocks
    private func isInside(_ columns: Columns, _ width: Int, _ inputs: Int, _ lane: Int, _ place: Int) -> Bool {
        let last = columns.row + (inputs - 1) * columns.step + width
        return inputs > 0 && columns.row >= 0 && columns.step >= width && last <= count && lane >= 0
            && lane + inputs <= 4 * count && columns.bias >= 0 && columns.bias + width <= count && place >= 0
            && place + width <= count
    }

    @unsafe @inline(__always) @_noAllocation @_noLocks
    private func uncheckedPair(
        _ columns: Columns, _ inputs: Int, _ values: UnsafeMutableRawPointer, _ sums: UnsafeMutableRawPointer
    ) {
        let bias = unsafe bytes + 16 * columns.bias
        var (a, b) = unsafe (row(bias, 0), row(bias, 1))
        var weights = unsafe bytes + 16 * columns.row
        var input = 0
        while input < inputs {
            let value = unsafe FloatLanes(repeating: values.load(fromByteOffset: 4 * input, as: Float.self))
            unsafe a = a + row(weights, 0) * value
            unsafe b = b + row(weights, 1) * value
            unsafe weights += 16 * columns.step
            input += 1
        }
        unsafe set(sums, 0, a)
        unsafe set(sums, 1, b)
    }

    @unsafe @inline(__always) @_noAllocation @_noLocks
    private func uncheckedSums(
        _ columns: Columns, _ inputs: Int, _ values: UnsafeMutableRawPointer, _ sums: UnsafeMutableRawPointer
    ) {
        let bias = unsafe bytes + 16 * columns.bias
        var (a, b) = unsafe (row(bias, 0), row(bias, 1))
        var (c, d) = unsafe (row(bias, 2), row(bias, 3))
        var (e, f) = unsafe (row(bias, 4), row(bias, 5))
        var (g, h) = unsafe (row(bias, 6), row(bias, 7))
        var weights = unsafe bytes + 16 * columns.row
        var input = 0
        while input < inputs {
            let value = unsafe FloatLanes(repeating: values.load(fromByteOffset: 4 * input, as: Float.self))
            unsafe a = a + row(weights, 0) * value
            unsafe b = b + row(weights, 1) * value
            unsafe c = c + row(weights, 2) * value
            unsafe d = d + row(weights, 3) * value
            unsafe e = e + row(weights, 4) * value
            unsafe f = f + row(weights, 5) * value
            unsafe g = g + row(weights, 6) * value
            unsafe h = h + row(weights, 7) * value
            unsafe weights += 16 * columns.step
            input += 1
        }
        unsafe set(sums, 0, a)
        unsafe set(sums, 1, b)
        unsafe set(sums, 2, c)
        unsafe set(sums, 3, d)
        unsafe set(sums, 4, e)
        unsafe set(sums, 5, f)
        unsafe set(sums, 6, g)
        unsafe set(sums, 7, h)
    }

    @unsafe @inline(__always) @_noAllocation @_noLocks
    private func row(_ start: UnsafeMutableRawPointer, _ row: Int) -> FloatLanes {
        unsafe start.load(fromByteOffset: 16 * row, as: FloatLanes.self)
    }

    @unsafe @inline(__always) @_noAllocation @_noLocks
    private func set(_ start: UnsafeMutableRawPointer, _ row: Int, _ value: FloatLanes) {
        unsafe start.storeBytes(of: value, toByteOffset: 16 * row, as: FloatLanes.self)
    }
}
