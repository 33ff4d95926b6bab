// Angles so large that π/2 needs more digits than a lane holds: the product with 2/π is taken in whole numbers.

/// 2/π after the point, 64 binary digits in each word.
private let twoOverPi: [UInt64] = [
    0xA2F9_836E_4E44_1529, 0xFC27_57D1_F534_DDC0, 0xDB62_9599_3C43_9041, 0xFE51_63AB_DEBB_C561,
    0xB724_6E3A_424D_D2E0, 0x0649_2EEA_09D1_921C, 0xFE1D_EB1C_B129_A73E, 0xE882_35F5_2EBB_4484,
    0xE99C_7026_B45F_7E41, 0x3991_D639_8353_39F4, 0x9C84_5F8B_BDF9_283B, 0x1FF8_97FF_DE05_980F,
    0xEF2F_118B_5A0A_6D1F, 0x6D36_7ECF_27CB_09B7, 0x4F46_3F66_9E5F_EA2D, 0x7527_BAC7_EBE5_F17B,
    0x3D07_39F7_8A52_92EA, 0x6BFB_5FB1_1F8D_5D08, 0x5603_3046_FC7B_6BAB, 0xF0CF_BC20_9AF4_361D,
]

extension Double {
    /// The quarter turns modulo 4 in a large finite magnitude, and what is left of it in two parts.
    static func quarters(inLarge magnitude: Double) -> (turns: Int, angle: Double, tail: Double) {
        let exponent = Int(magnitude.exponent) - 52
        let digits = UInt64(magnitude.significandBitPattern | 1 << 52)
        // Digits of 2/π before this place only add multiples of four quarter turns.
        let (high, middle, low) = product(digits, withDigitsFrom: exponent - 2)
        let turns = Int(high >> 62)
        let fraction = UInt128(high << 2 | middle >> 62) << 64 | UInt128(middle << 2 | low >> 62)
        return folded(turns: turns, fraction: Int128(truncatingIfNeeded: fraction))
    }

    /// The lowest 192 bits of `digits` times the 192 digits of 2/π behind a place.
    private static func product(
        _ digits: UInt64, withDigitsFrom place: Int
    ) -> (high: UInt64, middle: UInt64, low: UInt64) {
        let low = digits.multipliedFullWidth(by: word(at: place + 128))
        let middle = digits.multipliedFullWidth(by: word(at: place + 64))
        let (sum, carried) = middle.low.addingReportingOverflow(low.high)
        let high = digits &* word(at: place) &+ middle.high &+ (carried ? 1 : 0)
        return (high, sum, low.low)
    }

    /// 64 digits of 2/π from the given place after the point; before the point there are only zeros.
    private static func word(at place: Int) -> UInt64 {
        let (index, offset) = (place >> 6, place & 63)
        let digits = { (index: Int) in twoOverPi.indices.contains(index) ? twoOverPi[index] : 0 }
        return offset == 0 ? digits(index) : digits(index) << UInt64(offset) | digits(index + 1) >> UInt64(64 - offset)
    }

    /// A fraction of a quarter turn in 2^-128, of which more than a half is a negative one of the next quarter.
    private static func folded(turns: Int, fraction: Int128) -> (turns: Int, angle: Double, tail: Double) {
        let next = fraction < 0 ? turns + 1 : turns
        guard fraction != 0 else { return (next & 3, 0, 0) }
        let zeros = fraction.magnitude.leadingZeroBitCount
        let digits = fraction.magnitude << UInt128(zeros)
        let upper = Double(UInt64(digits >> 75)) * power(of: -53 - zeros)
        let lower = Double(UInt64(truncatingIfNeeded: digits >> 22) & (1 << 53 - 1)) * power(of: -106 - zeros)
        let exact = DoubledDouble(upper, times: 0x1.921fb54442d18p0)
        let rest = exact.lower + (upper * 0x1.1a62633145c07p-54 + lower * 0x1.921fb54442d18p0)
        let angle = DoubledDouble(exact.upper, plusSmaller: rest)
        return fraction < 0 ? (next & 3, -angle.upper, -angle.lower) : (next & 3, angle.upper, angle.lower)
    }

    private static func power(of exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}
