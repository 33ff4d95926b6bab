internal import Expressions
internal import Kernels256
internal import Kernels512

// The way through the kernels of wide registers. A tile of four rows of four lanes is sixteen floats side by side.
extension PolicyBatch {
    /// A layer whose rows have been asked for.
    @inline(__always)
    func wideForward(_ layer: PolicyShape.Layer, from: Int, to: Int) {
        let parameters = unsafe wideParameters(layer)
        let (values, sums) = unsafe (UnsafePointer(activations.floats(from: from)), activations.floats(from: to))
        if registers == .widestKnown {
            // SAFETY: the processor has such registers, and the rows are as many as the layer has inputs and outputs.
            unsafe Kernels512.LayerKernels.forward(
                inputs: layer.inputs, outputs: layer.outputs, parameters: parameters, from: values, to: sums,
                bends: layer.isHidden)
        } else {
            // SAFETY: as above.
            unsafe Kernels256.LayerKernels.forward(
                inputs: layer.inputs, outputs: layer.outputs, parameters: parameters, from: values, to: sums,
                bends: layer.isHidden)
        }
    }

    /// The derivatives of a layer whose rows have been asked for.
    @inline(__always)
    func wideBackward(_ index: Int, from: borrowing LaneRows<Vector>, to: borrowing LaneRows<Vector>) {
        let layer = layers[index]
        let parameters = unsafe wideParameters(layer)
        let values = unsafe UnsafePointer(activations.floats(from: activationPlaces[index]))
        let (near, far) = unsafe (UnsafePointer(from.floats(from: 0)), to.floats(from: 0))
        let (rows, gradient) = unsafe (workspace.rows.floats(from: 0), workspace.gradient.floats(from: layer.weights))
        let (inputs, outputs) = (layer.inputs, layer.outputs)
        if registers == .widestKnown {
            // SAFETY: as in `wideForward`; the gradient has a row for each parameter.
            unsafe Kernels512.LayerKernels.accumulate(
                inputs: inputs, outputs: outputs, values: values, near: near, rows: rows, into: gradient)
            guard index > 0 else { return }
            // SAFETY: as above.
            unsafe Kernels512.LayerKernels.backward(
                inputs: inputs, outputs: outputs, parameters: parameters, values: values, near: near, far: far)
        } else {
            // SAFETY: as above.
            unsafe Kernels256.LayerKernels.accumulate(
                inputs: inputs, outputs: outputs, values: values, near: near, rows: rows, into: gradient)
            guard index > 0 else { return }
            // SAFETY: as above.
            unsafe Kernels256.LayerKernels.backward(
                inputs: inputs, outputs: outputs, parameters: parameters, values: values, near: near, far: far)
        }
    }
    @unsafe @inline(__always)
    private func wideParameters(_ layer: PolicyShape.Layer) -> UnsafePointer<Float> {
        parameters.demand(0..<(layer.bias + layer.outputs - 1) / Vector.width + 1)
        return unsafe UnsafePointer(parameters.floats(from: 0) + layer.weights)
    }
}
