import Expressions
import Foundation
import Testing

@testable import Policies

@Suite struct NoiseTests {
    @Test("four streams side by side have the bits that each has alone")
    func pairs() {
        let streams = (0..<4).map { NoiseStream(run: 3, iteration: 5, episode: UInt32($0 * 77)) }
        for tick in 0..<100 as Range<UInt32> {
            let found = NoiseStream.pairs(of: (streams[0], streams[1], streams[2], streams[3]), tick: tick)
            for (lane, stream) in streams.enumerated() {
                let alone = stream.normals(tick: tick, block: 0)
                #expect(found.first[lane].bitPattern == alone[0].bitPattern)
                #expect(found.second[lane].bitPattern == alone[1].bitPattern)
            }
        }
    }

    @Test("Philox gives the published bits")
    func vectors() {
        let all: UInt32 = .max
        #expect(
            Philox.bits(counter: (0, 0, 0, 0), key: (0, 0))
                == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            Philox.bits(counter: (all, all, all, all), key: (all, all))
                == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox.bits(
                counter: (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
                == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    /// The bits of so many normals, folded into one word.
    private func fold(_ key: NoiseStream, ticks: UInt32, dimensions: Int) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for tick in 0..<ticks {
            for block in 0..<UInt32(dimensions / 4) {
                let normals = key.normals(tick: tick, block: block)
                for lane in 0..<4 { hash = (hash ^ UInt64(normals[lane].bitPattern)) &* 0x100_0000_01b3 }
            }
        }
        return hash
    }

    @Test("the normals have the same bits in every build and on every machine")
    func bits() {
        let key = NoiseStream(run: 0x0123_4567_89ab_cdef, iteration: 7, episode: 11)
        // The same word came out of NumPy, from the formulas in Tests/Peers/numpy_policy.py.
        #expect(fold(key, ticks: 2_000, dimensions: 8) == 0x2ff0_3fc1_6e9f_01aa)
        #expect(fold(key, ticks: 1, dimensions: 4) != fold(key, ticks: 2, dimensions: 4))
    }

    @Test("each part of the key makes another stream")
    func keys() {
        let base = NoiseStream(run: 1, iteration: 2, episode: 3)
        let others =
            [
                NoiseStream(run: 2, iteration: 2, episode: 3), NoiseStream(run: 1 << 32 | 1, iteration: 2, episode: 3),
                NoiseStream(run: 1, iteration: 3, episode: 3), NoiseStream(run: 1, iteration: 2, episode: 4),
            ] + NoisePurpose.allCases.dropFirst().map { NoiseStream(run: 1, iteration: 2, episode: 3, purpose: $0) }
        let first = base.bits(tick: 5, block: 6)
        for other in others { #expect(other.bits(tick: 5, block: 6) != first) }
        #expect(base.bits(tick: 6, block: 6) != first && base.bits(tick: 5, block: 7) != first)
    }

    @Test("filling gives the same numbers as asking block by block, for any number of dimensions")
    func fill() {
        let key = NoiseStream(run: 9, iteration: 0, episode: 0)
        for count in 0...9 {
            var noise = [Float](repeating: .nan, count: count)
            var span = noise.mutableSpan
            key.fill(&span, tick: 3)
            for index in 0..<count {
                #expect(noise[index] == key.normals(tick: 3, block: UInt32(index / 4))[index % 4])
            }
        }
    }

    @Test("the normals are as near to the true ones as a float is, and distributed as they should be")
    func distribution() {
        let key = NoiseStream(run: 77, iteration: 1, episode: 1)
        var (worst, count) = (0.0, 0)
        var moments = [Double](repeating: 0, count: 5)
        for tick in 0..<6_000 as Range<UInt32> {
            let (a, b, _, _) = key.bits(tick: tick, block: 0)
            let normals = key.normals(tick: tick, block: 0)
            // In float, the half step is rounded away above one half.
            let share = Float(a >> 8) * 0x1p-24 + 0x1p-25
            let radius = (-2 * log(Double(share))).squareRoot()
            let angle = 2 * Double.pi * Double(b >> 8) * 0x1p-24
            worst = max(
                worst, abs(Double(normals[0]) - radius * cos(angle)), abs(Double(normals[1]) - radius * sin(angle)))
            for lane in 0..<4 {
                for power in 1...4 { moments[power] += pow(Double(normals[lane]), Double(power)) }
                count += 1
            }
        }
        #expect(worst < 2e-6, "\(worst)")
        let means = moments.map { $0 / Double(count) }
        // Four standard errors of 24,000 draws.
        #expect(abs(means[1]) < 0.026 && abs(means[2] - 1) < 0.037 && abs(means[3]) < 0.1 && abs(means[4] - 3) < 0.26)
    }
}
