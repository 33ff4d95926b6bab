import Guard
import Policies
import Testing

@Suite("The distance of two policies")
struct PolicyMeasureTests {
    /// One input, one output, no hidden layer: weight, bias, and the logarithm of the deviation.
    private func policy(_ parameters: [Float], inputs: Int = 1) throws -> Policy {
        let shape = try PolicyShape(inputs: inputs, hidden: [], outputs: 1, squashes: false, deviationFloor: 0)
        return try Policy(shape, parameters: parameters)
    }

    @Test("a policy is at no distance from itself")
    func same() throws {
        let policy = try policy([0.5, -0.25, -1])
        #expect(PolicyMeasure().distance(of: policy, from: policy) == 0)
    }

    @Test("shifted means cost half the squared shift over the variance", arguments: [Float(0.1), 0.5, 2])
    func shifted(shift: Float) throws {
        let distance = try PolicyMeasure().distance(of: policy([1, shift, 0]), from: policy([1, 0, 0]))
        #expect(abs(try #require(distance) - Double(shift * shift) / 2) < 1e-4)
    }

    @Test("the greatest of all states counts, near the corner of the box")
    func greatest() throws {
        let distance = try #require(try PolicyMeasure().distance(of: policy([1, 0, 0]), from: policy([0, 0, 0])))
        #expect(distance > 4.4 && distance <= 4.5)
    }

    @Test("policies of other shapes cannot be compared, and bytes that are none are none")
    func shapes() throws {
        let measure = PolicyMeasure()
        #expect(try measure.distance(of: policy([1, 0, 0]), from: policy([1, 1, 0, 0], inputs: 2)) == nil)
        #expect(PolicyMeasure.policy([1, 2, 3]) == nil)
        let known = try policy([1, 0, 0])
        #expect(PolicyMeasure.policy(known.encoded) == known)
    }
}
