import Expressions

/// What a layer of a network does to a tile of sixteen states, for processors with wide registers.
///
/// `Policies` has the same in lanes of four, which is what these mean: each sum is formed in the same order, nothing is
/// contracted, and so every bit is the same. The folder is compiled twice, for registers of 256 and of 512 bits. Only
/// pointers come in: whatever else crossed the border could be compiled for one processor and run on another.
///
/// A tile is sixteen floats for each number: four rows of four lanes.
public enum LayerKernels {
    @safe private struct Layer {
        let inputs: Int
        let outputs: Int
        let parameters: UnsafePointer<Float>

        @unsafe @inline(__always) var bias: UnsafePointer<Float> { unsafe parameters + inputs * outputs }
    }

    // As many sums as stay in registers while the inputs go by.
    #if LANES_512
        typealias Sums = InlineArray<8, SixteenLanes>
    #else
        typealias Sums = InlineArray<4, SixteenLanes>
    #endif

    /// - Parameters:
    ///   - parameters: the weights input by input, then a bias for each output.
    ///   - from: a tile for each input.
    ///   - to: a tile for each output; the hyperbolic tangent of its sum if the layer `bends`.
    @unsafe public static func forward(
        inputs: Int, outputs: Int, parameters: UnsafePointer<Float>, from: UnsafePointer<Float>,
        to: UnsafeMutablePointer<Float>, bends: Bool
    ) {
        let layer = unsafe Layer(inputs: inputs, outputs: outputs, parameters: parameters)
        var output = 0
        while output + Sums.count <= outputs {
            unsafe several(layer, output, from, to, bends)
            output += Sums.count
        }
        while output < outputs {
            unsafe one(layer, output, from, to, bends)
            output += 1
        }
    }

    @unsafe @inline(__always)
    private static func several(
        _ layer: Layer, _ output: Int, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ bends: Bool
    ) {
        var sums = Sums(repeating: SixteenLanes(repeating: 0))
        for place in 0..<Sums.count { sums[place] = unsafe SixteenLanes(repeating: layer.bias[output + place]) }
        var (tile, weights) = unsafe (from, layer.parameters + output)
        for _ in 0..<layer.inputs {
            let value = unsafe load(tile)
            for place in 0..<Sums.count {
                sums[place] = unsafe sums[place] + SixteenLanes(repeating: weights[place]) * value
            }
            unsafe (tile, weights) = unsafe (tile + 16, weights + layer.outputs)
        }
        for place in 0..<Sums.count {
            unsafe store(bends ? sums[place].hyperbolicTangent : sums[place], to + 16 * (output + place))
        }
    }

    @unsafe @inline(__always)
    private static func one(
        _ layer: Layer, _ output: Int, _ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ bends: Bool
    ) {
        var sum = unsafe SixteenLanes(repeating: layer.bias[output])
        var (tile, weights) = unsafe (from, layer.parameters + output)
        for _ in 0..<layer.inputs {
            unsafe sum = sum + SixteenLanes(repeating: weights[0]) * load(tile)
            unsafe (tile, weights) = unsafe (tile + 16, weights + layer.outputs)
        }
        unsafe store(bends ? sum.hyperbolicTangent : sum, to + 16 * output)
    }

    /// From the derivatives by what comes out of a layer to those by what went into it, where that is a tangent.
    ///
    /// - Parameters:
    ///   - values: a tile for each input.
    ///   - near: the derivatives by the outputs, a tile each.
    ///   - far: those by the inputs, a tile each.
    @unsafe public static func backward(
        inputs: Int, outputs: Int, parameters: UnsafePointer<Float>, values: UnsafePointer<Float>,
        near: UnsafePointer<Float>, far: UnsafeMutablePointer<Float>
    ) {
        var input = 0
        while input + Sums.count <= inputs {
            var sums = Sums(repeating: SixteenLanes(repeating: 0))
            let weights = unsafe parameters + input * outputs
            for output in 0..<outputs {
                let value = unsafe load(near + 16 * output)
                for place in 0..<Sums.count {
                    let weight = unsafe SixteenLanes(repeating: weights[place * outputs + output])
                    sums[place] = sums[place] + weight * value
                }
            }
            for place in 0..<Sums.count {
                unsafe bend(sums[place], values + 16 * (input + place), far + 16 * (input + place))
            }
            input += Sums.count
        }
        while input < inputs {
            var sum = SixteenLanes(repeating: 0)
            let weights = unsafe parameters + input * outputs
            for output in 0..<outputs {
                unsafe sum = sum + SixteenLanes(repeating: weights[output]) * load(near + 16 * output)
            }
            unsafe bend(sum, values + 16 * input, far + 16 * input)
            input += 1
        }
    }

    /// The derivative behind a tangent is one less its square.
    @unsafe @inline(__always)
    private static func bend(_ sum: SixteenLanes, _ value: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>) {
        let value = unsafe load(value)
        unsafe store(sum * (SixteenLanes(1) - value * value), to)
    }

    @unsafe @inline(__always) static func load(_ place: UnsafePointer<Float>) -> SixteenLanes {
        unsafe SixteenLanes(UnsafeRawPointer(place).loadUnaligned(as: SIMD16<Float>.self))
    }

    @unsafe @inline(__always) static func store(_ lanes: SixteenLanes, _ place: UnsafeMutablePointer<Float>) {
        unsafe UnsafeMutableRawPointer(place).storeBytes(of: lanes.lanes, as: SIMD16<Float>.self)
    }
}
