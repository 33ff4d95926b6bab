// Functions of our own, so that every machine and every build computes the same bits.

/// e to this power, to about 1e-15 of itself; zero and infinity where a double ends.
func exponential(_ power: Double) -> Double {
    guard power > -708 else { return power.isNaN ? power : 0 }
    guard power < 709 else { return .infinity }
    let doublings = (power * 1.442_695_040_888_963_4).rounded()
    // ln 2 in two parts, the first with so few digits that its product is exact.
    let rest = power - doublings * 0.693_147_180_369_123_8 - doublings * 1.908_214_929_270_587_7e-10
    var term = 1.0
    var sum = 1.0
    for divisor in 1...14 {
        term *= rest / Double(divisor)
        sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(doublings), significand: 1)
}

/// The natural logarithm of a positive number, to about 1e-15.
func logarithm(_ number: Double) -> Double {
    guard number > 0, number.isFinite else { return number > 0 ? .infinity : number == 0 ? -.infinity : .nan }
    let isLarge = number.significand > 1.414_213_562_373_095_1
    let significand = isLarge ? number.significand / 2 : number.significand
    let exponent = Double(number.exponent) + (isLarge ? 1 : 0)
    // 2 · artanh of this; it lies within 0.172, so 11 terms are enough.
    let ratio = (significand - 1) / (significand + 1)
    var power = ratio
    var sum = ratio
    for term in 1...11 {
        power *= ratio * ratio
        sum += power / Double(2 * term + 1)
    }
    return 2 * sum + exponent * 0.693_147_180_559_945_3
}
