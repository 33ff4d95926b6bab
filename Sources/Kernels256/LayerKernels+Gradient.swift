import Expressions

// A gradient has four lanes for each parameter: those of a tile's four rows are added up two and two, as `Policies` does.
extension LayerKernels {
    /// Adds a tile's derivatives by all weights and biases of a layer.
    ///
    /// - Parameters:
    ///   - values: what went in, a tile for each input.
    ///   - near: the derivatives by the outputs, a tile each.
    ///   - rows: room for as much again: the derivatives row by row, four lanes of each output side by side.
    ///   - gradient: four lanes for each of the layer's parameters, in their order.
    @unsafe public static func accumulate(
        inputs: Int, outputs: Int, values: UnsafePointer<Float>, near: UnsafePointer<Float>,
        rows: UnsafeMutablePointer<Float>, into gradient: UnsafeMutablePointer<Float>
    ) {
        for output in 0..<outputs {
            for row in 0..<4 {
                let four = unsafe UnsafeRawPointer(near + 16 * output + 4 * row).loadUnaligned(as: SIMD4<Float>.self)
                unsafe UnsafeMutableRawPointer(rows + 4 * (row * outputs + output)).storeBytes(
                    of: four, as: SIMD4<Float>.self)
            }
        }
        let derivatives = unsafe Rows(start: UnsafePointer(rows), outputs: outputs)
        var input = 0
        while input + 2 <= inputs {
            let first = unsafe Input(values + 16 * input)
            let second = unsafe Input(values + 16 * (input + 1))
            let place = unsafe gradient + 4 * input * outputs
            unsafe two(first, second, derivatives, place, place + 4 * outputs)
            input += 2
        }
        if input < inputs {
            unsafe rest(Input(values + 16 * input), derivatives, 0, gradient + 4 * input * outputs)
        }
        unsafe biases(derivatives, gradient + 4 * inputs * outputs)
    }

    /// The derivatives by the outputs, row by row.
    @safe private struct Rows {
        let start: UnsafePointer<Float>
        let outputs: Int

        /// Four outputs of a row side by side.
        @unsafe @inline(__always) func four(_ row: Int, _ output: Int) -> SixteenLanes {
            unsafe load(start + 4 * (row * outputs + output))
        }

        @unsafe @inline(__always) func single(_ row: Int, _ output: Int) -> SIMD4<Float> {
            unsafe UnsafeRawPointer(start + 4 * (row * outputs + output)).loadUnaligned(as: SIMD4<Float>.self)
        }
    }

    /// An input's four rows.
    private struct Input {
        let rows: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>)

        @unsafe @inline(__always) init(_ tile: UnsafePointer<Float>) {
            let lanes = unsafe load(tile).lanes
            rows = (lanes.lowHalf.lowHalf, lanes.lowHalf.highHalf, lanes.highHalf.lowHalf, lanes.highHalf.highHalf)
        }

        /// A row four times over, for four outputs.
        @inline(__always) static func repeated(_ row: SIMD4<Float>) -> SixteenLanes {
            let eight = SIMD8(lowHalf: row, highHalf: row)
            return SixteenLanes(SIMD16(lowHalf: eight, highHalf: eight))
        }
    }

    @unsafe @inline(__always)
    private static func two(
        _ first: Input, _ second: Input, _ derivatives: Rows, _ to: UnsafeMutablePointer<Float>,
        _ other: UnsafeMutablePointer<Float>
    ) {
        let (a0, a1) = (Input.repeated(first.rows.0), Input.repeated(first.rows.1))
        let (a2, a3) = (Input.repeated(first.rows.2), Input.repeated(first.rows.3))
        let (b0, b1) = (Input.repeated(second.rows.0), Input.repeated(second.rows.1))
        let (b2, b3) = (Input.repeated(second.rows.2), Input.repeated(second.rows.3))
        var output = 0
        while output + 4 <= derivatives.outputs {
            let (d0, d1) = unsafe (derivatives.four(0, output), derivatives.four(1, output))
            let (d2, d3) = unsafe (derivatives.four(2, output), derivatives.four(3, output))
            let (place, otherPlace) = unsafe (to + 4 * output, other + 4 * output)
            unsafe store(load(place) + ((d0 * a0 + d1 * a1) + (d2 * a2 + d3 * a3)), place)
            unsafe store(load(otherPlace) + ((d0 * b0 + d1 * b1) + (d2 * b2 + d3 * b3)), otherPlace)
            output += 4
        }
        unsafe rest(first, derivatives, output, to)
        unsafe rest(second, derivatives, output, other)
    }

    /// Output by output from one on.
    @unsafe @inline(__always)
    private static func rest(
        _ input: Input, _ derivatives: Rows, _ from: Int, _ to: UnsafeMutablePointer<Float>
    ) {
        let (x0, x1, x2, x3) = input.rows
        var output = from
        while output < derivatives.outputs {
            let (d0, d1) = unsafe (derivatives.single(0, output), derivatives.single(1, output))
            let (d2, d3) = unsafe (derivatives.single(2, output), derivatives.single(3, output))
            unsafe add((d0 * x0 + d1 * x1) + (d2 * x2 + d3 * x3), to: to + 4 * output)
            output += 1
        }
    }

    @unsafe @inline(__always)
    private static func biases(_ derivatives: Rows, _ to: UnsafeMutablePointer<Float>) {
        for output in 0..<derivatives.outputs {
            let (d0, d1) = unsafe (derivatives.single(0, output), derivatives.single(1, output))
            let (d2, d3) = unsafe (derivatives.single(2, output), derivatives.single(3, output))
            unsafe add((d0 + d1) + (d2 + d3), to: to + 4 * output)
        }
    }

    @unsafe @inline(__always)
    private static func add(_ four: SIMD4<Float>, to place: UnsafeMutablePointer<Float>) {
        let room = UnsafeMutableRawPointer(place)
        unsafe room.storeBytes(of: room.loadUnaligned(as: SIMD4<Float>.self) + four, as: SIMD4<Float>.self)
    }
}
