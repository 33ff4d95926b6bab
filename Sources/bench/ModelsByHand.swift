import Expressions

/// A model as somebody would write it who has nothing but vectors: one function over all lanes, numbers in registers.
protocol ModelByHand {
    func step(lanes: Int, states: [Float], inputs: [Float], into results: inout [Float])
}

/// Four lanes at a time of numbers that lie one behind the other.
@safe private struct Reader {
    private let start: UnsafePointer<Float>
    private let lanes: Int

    init(start: UnsafePointer<Float>, lanes: Int) {
        unsafe self.start = start
        self.lanes = lanes
    }

    @inline(__always)
    func callAsFunction(_ column: Int, _ lane: Int) -> FloatLanes {
        // SAFETY: the column has all lanes, and those come in whole vectors.
        unsafe FloatLanes(UnsafeRawPointer(start + column * lanes + lane).loadUnaligned(as: SIMD4<Float>.self))
    }
}

@safe private struct Writer {
    private let start: UnsafeMutablePointer<Float>
    private let lanes: Int

    init(start: UnsafeMutablePointer<Float>, lanes: Int) {
        unsafe self.start = start
        self.lanes = lanes
    }

    @inline(__always)
    func callAsFunction(_ column: Int, _ lane: Int, _ vector: FloatLanes) {
        // SAFETY: as for `Reader`.
        unsafe UnsafeMutableRawPointer(start + column * lanes + lane).storeBytes(
            of: vector.lanes, as: SIMD4<Float>.self)
    }
}

/// Calls `body` for every four lanes.
@inline(__always)
private func each(
    _ lanes: Int, _ states: [Float], _ inputs: [Float], _ results: inout [Float],
    _ body: (Reader, Reader, Writer, Int) -> Void
) {
    precondition(lanes.isMultiple(of: 4) && states.count.isMultiple(of: lanes) && results.count.isMultiple(of: lanes))
    // SAFETY: the pointers are used inside the closures only.
    unsafe states.withUnsafeBufferPointer { states in
        unsafe inputs.withUnsafeBufferPointer { inputs in
            unsafe results.withUnsafeMutableBufferPointer { results in
                let state = unsafe Reader(start: states.baseAddress.unsafelyUnwrapped, lanes: lanes)
                let input = unsafe Reader(start: inputs.baseAddress.unsafelyUnwrapped, lanes: lanes)
                let result = unsafe Writer(start: results.baseAddress.unsafelyUnwrapped, lanes: lanes)
                for lane in stride(from: 0, to: lanes, by: 4) { body(state, input, result, lane) }
            }
        }
    }
}

@inline(__always) private func all(_ number: Float) -> FloatLanes { FloatLanes(repeating: number) }

struct PendulumByHand: ModelByHand {
    @inline(never)
    func step(lanes: Int, states: [Float], inputs: [Float], into results: inout [Float]) {
        let weight: Float = 1 * 9.81 * 0.8
        each(lanes, states, inputs, &results) { state, input, result, lane in
            let (theta, omega, u) = (state(0, lane), state(1, lane), input(0, lane))
            let torque = (u - all(0.1) * omega) - all(weight) * theta.sine
            result(0, lane, theta + all(0.01) * omega)
            result(1, lane, omega + all(0.01) * (torque / all(0.7)))
        }
    }
}

struct CartPoleByHand: ModelByHand {
    @inline(never)
    func step(lanes: Int, states: [Float], inputs: [Float], into results: inout [Float]) {
        let (mass, pole, length): (Float, Float, Float) = (1.1, 0.1, 0.5)
        let third: Float = 4 / 3
        each(lanes, states, inputs, &results) { state, input, result, lane in
            let (x, v, theta, omega) = (state(0, lane), state(1, lane), state(2, lane), state(3, lane))
            let (sine, cosine) = theta.sineAndCosine
            let lever = all(pole * length)
            let push = (input(0, lane) + lever * (omega * omega) * sine) / all(mass)
            let rest = all(third) - all(pole) * (cosine * cosine) / all(mass)
            let alpha = (all(9.8) * sine - cosine * push) / (all(length) * rest)
            let acceleration = push - lever * alpha * cosine / all(mass)
            result(0, lane, x + all(0.02) * v)
            result(1, lane, v + all(0.02) * acceleration)
            result(2, lane, (theta + all(0.02) * omega).wrapped)
            result(3, lane, omega + all(0.02) * alpha)
        }
    }
}

struct PlanarArmByHand: ModelByHand {
    @inline(never)
    func step(lanes: Int, states: [Float], inputs: [Float], into results: inout [Float]) {
        each(lanes, states, inputs, &results) { state, input, result, lane in
            let (a1, a2, a3) = (state(0, lane), state(1, lane), state(2, lane))
            let (w1, w2, w3) = (state(3, lane), state(4, lane), state(5, lane))
            let (one, two, three) = ((a1 - a2).sineAndCosine, (a1 - a3).sineAndCosine, (a2 - a3).sineAndCosine)
            let (m12, m13, m23) = (all(0.9) * one.cosine, all(0.3) * two.cosine, all(0.25) * three.cosine)
            let (h12, h13, h23) = (all(0.9) * one.sine, all(0.3) * two.sine, all(0.25) * three.sine)
            let (s1, s2, s3) = (w1 * w1, w2 * w2, w3 * w3)
            let (b, dt, p11, p22, p33) = (all(0.2), all(0.005), all(2.1), all(1.2), all(0.5))
            let r1 = input(0, lane) - b * w1 - h12 * s2 - h13 * s3 - all(9) * a1.sine
            let r2 = input(1, lane) - b * w2 + h12 * s1 - h23 * s3 - all(5) * a2.sine
            let r3 = input(2, lane) - b * w3 + h13 * s1 + h23 * s2 - all(1.5) * a3.sine
            let (c11, c12, c13) = (p22 * p33 - m23 * m23, m13 * m23 - m12 * p33, m12 * m23 - m13 * p22)
            let (c22, c23, c33) = (p11 * p33 - m13 * m13, m12 * m13 - p11 * m23, p11 * p22 - m12 * m12)
            let d = p11 * c11 + m12 * c12 + m13 * c13
            result(0, lane, a1 + dt * w1)
            result(1, lane, a2 + dt * w2)
            result(2, lane, a3 + dt * w3)
            result(3, lane, w1 + dt * ((c11 * r1 + c12 * r2 + c13 * r3) / d))
            result(4, lane, w2 + dt * ((c12 * r1 + c22 * r2 + c23 * r3) / d))
            result(5, lane, w3 + dt * ((c13 * r1 + c23 * r2 + c33 * r3) / d))
        }
    }
}
