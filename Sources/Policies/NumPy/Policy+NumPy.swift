/// Policies for people with Python: `numpy.load` reads what is written here, and what `numpy.savez` writes comes back.
///
/// The entries: `weights0`, `bias0` and so on, a matrix (inputs × outputs) and a row for each layer, the last one being
/// the linear one; `log_deviation`; `deviation_floor` and `squash`, one number each.
extension Policy {
    public var numPyArchive: [UInt8] {
        var entries: [(name: String, array: NumPyArray)] = []
        for (index, layer) in shape.layers.enumerated() {
            let (from, to) = (layer.weights, layer.bias)
            entries.append(
                (
                    "weights\(index)",
                    NumPyArray(shape: [layer.inputs, layer.outputs], values: Array(parameters[from..<to]))
                ))
            entries.append(
                (
                    "bias\(index)",
                    NumPyArray(shape: [layer.outputs], values: Array(parameters[to..<(to + layer.outputs)]))
                )
            )
        }
        let deviations = Array(parameters[shape.deviations...])
        entries.append(("log_deviation", NumPyArray(shape: [shape.outputs], values: deviations)))
        entries.append(("deviation_floor", NumPyArray(shape: [1], values: [shape.deviationFloor])))
        entries.append(("squash", NumPyArray(shape: [1], values: [shape.squashes ? 1 : 0])))
        return ZipArchive.bytes(of: entries.map { ("\($0.name).npy", $0.array.bytes) })
    }

    public init(numPyArchive bytes: [UInt8]) throws(PolicyError) {
        let entries = try ZipArchive.entries(of: bytes)
        func array(_ name: String) throws(PolicyError) -> NumPyArray? {
            guard let bytes = entries["\(name).npy"] else { return nil }
            guard let array = NumPyArray(bytes) else { throw .wrongEntry(name) }
            return array
        }
        func single(_ name: String) throws(PolicyError) -> Float {
            guard let found = try array(name) else { throw .missingEntry(name) }
            guard found.values.count == 1 else { throw .wrongEntry(name) }
            return found.values[0]
        }
        var parameters: [Float] = []
        var widths: [Int] = []
        while let weights = try array("weights\(widths.count / 2)") {
            let index = widths.count / 2
            guard let bias = try array("bias\(index)") else { throw .missingEntry("bias\(index)") }
            guard weights.shape.count == 2, bias.shape == [weights.shape[1]],
                index == 0 || weights.shape[0] == widths[widths.count - 1]
            else { throw .wrongEntry("weights\(index)") }
            widths += weights.shape
            parameters += weights.values + bias.values
        }
        guard let inputs = widths.first, let outputs = widths.last else { throw .missingEntry("weights0") }
        guard let deviations = try array("log_deviation") else { throw .missingEntry("log_deviation") }
        guard deviations.shape == [outputs] else { throw .wrongEntry("log_deviation") }
        let squash = try single("squash")
        guard squash == 0 || squash == 1 else { throw .wrongEntry("squash") }
        let hidden = stride(from: 1, to: widths.count - 1, by: 2).map { widths[$0] }
        let shape = try PolicyShape(
            inputs: inputs, hidden: hidden, outputs: outputs, squashes: squash == 1,
            deviationFloor: try single("deviation_floor"))
        try self.init(shape, parameters: parameters + deviations.values)
    }
}
