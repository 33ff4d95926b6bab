import BoardLink
import Quantities
import Testing

@Suite struct ScaleTests {
    /// Changing a row changes what every board understands.
    @Test("the table has these steps, widths and codes") func table() {
        expect(Scales.position, code: 1, bytes: 3, stepsPerUnit: 65_536, reaches: 127.999985)
        expect(Scales.speed, code: 2, bytes: 2, stepsPerUnit: 256, reaches: 127.99609)
        expect(Scales.effort, code: 3, bytes: 2, stepsPerUnit: 512, reaches: 63.998047)
        expect(Scales.temperature, code: 4, bytes: 2, stepsPerUnit: 128, reaches: 255.99219)
        expect(Scales.voltage, code: 5, bytes: 2, stepsPerUnit: 256, reaches: 127.99609)
        expect(Scales.current, code: 6, bytes: 2, stepsPerUnit: 256, reaches: 127.99609)
        expect(Scales.duration, code: 7, bytes: 2, stepsPerUnit: 1_000_000, reaches: 0.032767)
        expect(Scales.braking, code: 8, bytes: 2, stepsPerUnit: 32, reaches: 1_023.96875)
    }

    private func expect<Unit>(
        _ scale: Scale<Unit>, code: UInt8, bytes: UInt8, stepsPerUnit: Float, reaches: Float
    ) {
        #expect(scale.code == code && scale.bytes == bytes && scale.stepsPerUnit == stepsPerUnit)
        #expect(scale.quantity(scale.largest)?.value == reaches)
    }

    @Test("every raw number comes back as itself") func everyRawNumber() {
        #expect(firstChanged(Scales.position) == nil)
        #expect(firstChanged(Scales.speed) == nil)
        #expect(firstChanged(Scales.effort) == nil)
        #expect(firstChanged(Scales.temperature) == nil)
        #expect(firstChanged(Scales.voltage) == nil)
        #expect(firstChanged(Scales.current) == nil)
        #expect(firstChanged(Scales.duration) == nil)
        #expect(firstChanged(Scales.braking) == nil)
    }

    /// All 65,536 of two bytes; of three bytes both ends, the middle, and every 251st of the 16,777,216.
    private func firstChanged<Unit>(_ scale: Scale<Unit>) -> Int32? {
        func isChanged(_ raw: Int32) -> Bool { scale.raw(scale.quantity(raw)) != raw }
        let all = scale.unknown...scale.largest
        let dense: [Int32] = Array(all.prefix(66_000)) + Array(all.suffix(66_000)) + Array(-32_768...32_767)
        let sparse = stride(from: all.lowerBound, through: all.upperBound, by: 251)
        return dense.first(where: isChanged) ?? sparse.first(where: isChanged)
    }

    @Test(
        "rounds to the nearest step, halves away from zero",
        arguments: [
            (0, 0), (-0.0, 0), (0.49999997, 0), (-0.49999997, 0), (0.5, 1), (-0.5, -1), (0.50000006, 1), (1.4999999, 1),
            (1.5, 2), (-1.5, -2), (2.5, 3), (1000.4999, 1000), (-1000.5, -1001), (32_765.5, 32_766),
        ] as [(Float, Int32)])
    func rounding(steps: Float, raw: Int32) {
        #expect(Scales.speed.raw(RadiansPerSecond(steps / 256)) == raw)
        #expect(Scales.effort.raw(NewtonMetres(steps / 512)) == raw)
    }

    @Test(
        "stops at the ends of its range",
        arguments: [
            (32_766.49, 32_766), (32_766.5, 32_767), (32_767, 32_767), (32_768, 32_767), (1e9, 32_767),
            (.greatestFiniteMagnitude, 32_767),
        ] as [(Float, Int32)])
    func saturation(steps: Float, raw: Int32) {
        #expect(Scales.voltage.raw(Volts(steps / 256)) == raw)
        #expect(Scales.voltage.raw(Volts(-steps / 256)) == -raw)
    }

    @Test(
        "positions stop at the ends of three bytes",
        arguments: [
            (127.99997, 8_388_606), (127.99998, 8_388_607), (128, 8_388_607), (.greatestFiniteMagnitude, 8_388_607),
        ] as [(Float, Int32)])
    func positionSaturation(angle: Float, raw: Int32) {
        #expect(Scales.position.raw(Radians(angle)) == raw)
        #expect(Scales.position.raw(Radians(-angle)) == -raw)
    }

    @Test(
        "what is no finite number becomes unknown", arguments: [Float.nan, -.nan, .signalingNaN, .infinity, -.infinity])
    func notFinite(value: Float) {
        #expect(Scales.position.raw(Radians(value)) == -8_388_608)
        #expect(Scales.effort.raw(NewtonMetres(value)) == -32_768)
    }

    @Test("unknown comes back as nil") func unknown() {
        #expect(Scales.position.quantity(-8_388_608) == nil)
        #expect(Scales.speed.quantity(-32_768) == nil)
        #expect(Scales.speed.raw(nil) == -32_768)
    }

    @Test("is never off by more than half a step", arguments: 0..<8 as Range<UInt64>)
    func halfAStep(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            let angle = Radians((Float(random.below(2_000_001)) - 1_000_000) / 1_000_000 * .pi)
            let back = try #require(Scales.position.quantity(Scales.position.raw(angle)))
            #expect((back - angle).magnitude.value <= 0.5 / 65_536, "seed \(seed)")
        }
    }
}
