import Quantities

// Objects with a member for each joint, and words that stand for numbers.

extension EpisodeGathering {
    typealias Reading = (inout EpisodeGathering, FieldScanner.Name, inout FieldScanner) throws(EpisodeFlaw) -> Void

    /// The members of an object, with whoever gathers at hand.
    mutating func each(_ scanner: inout FieldScanner, _ read: Reading) throws(EpisodeFlaw) {
        var inner = EpisodeFlaw?.none
        do throws(FieldScanner.Flaw) {
            try scanner.members { key, scanner throws(FieldScanner.Flaw) in
                do throws(EpisodeFlaw) {
                    try read(&self, key, &scanner)
                } catch {
                    inner = error
                    throw scanner.flaw
                }
            }
        } catch {
            throw inner ?? .syntax(error)
        }
    }

    /// The members are the joints, in the order of the robot; the first message that names them says which those are.
    mutating func perJoint(
        _ scanner: inout FieldScanner,
        _ read: (inout EpisodeGathering, JointIndex, inout FieldScanner) throws(EpisodeFlaw) -> Void
    ) throws(EpisodeFlaw) {
        var expected = 0
        try each(&scanner) { gathering, name, scanner throws(EpisodeFlaw) in
            let joint = try gathering.joint(name, expected: expected)
            expected += 1
            try read(&gathering, joint, &scanner)
        }
    }

    private mutating func joint(_ name: FieldScanner.Name, expected: Int) throws(EpisodeFlaw) -> JointIndex {
        if expected < joints.count, joints[expected] == name, let joint = JointIndex(UInt8(expected)) { return joint }
        if let place = joints.firstIndex(of: name), let joint = JointIndex(UInt8(place)) { return joint }
        guard let joint = JointIndex(UInt8(clamping: joints.count)) else { throw .joints(joints.count + 1) }
        joints.append(name.alone)
        return joint
    }

    mutating func numbers(
        _ scanner: inout FieldScanner, _ take: (JointIndex, Float) -> Void
    ) throws(EpisodeFlaw) {
        try perJoint(&scanner) { _, joint, scanner throws(EpisodeFlaw) in take(joint, try scanner.real()) }
    }

    mutating func kinds(
        _ scanner: inout FieldScanner, _ take: (JointIndex, UInt8) -> Void
    ) throws(EpisodeFlaw) {
        try perJoint(&scanner) { _, joint, scanner throws(EpisodeFlaw) in
            take(joint, try scanner.word(of: EpisodeGathering.commandKinds))
        }
    }

    static let commandKinds = WordList(RecordedCommand.Kind.allCases.map { "\($0)" })
}

extension FieldScanner {
    mutating func real() throws(EpisodeFlaw) -> Float {
        do throws(Flaw) { return try number() } catch { throw .syntax(error) }
    }

    mutating func whole() throws(EpisodeFlaw) -> Int64 {
        do throws(Flaw) { return try integer() } catch { throw .syntax(error) }
    }

    mutating func word() throws(EpisodeFlaw) -> Name {
        do throws(Flaw) { return try name() } catch { throw .syntax(error) }
    }

    mutating func passOver() throws(EpisodeFlaw) {
        do throws(Flaw) { try skip() } catch { throw .syntax(error) }
    }

    /// The number that a word stands for; what had no word when it was written is `#` and its number.
    mutating func word(of words: WordList) throws(EpisodeFlaw) -> UInt8 {
        let word = try word()
        if let number = words.number(of: word) { return number }
        let text = word.text
        guard text.hasPrefix("#"), let number = UInt8(text.dropFirst()) else { throw .word(text) }
        return number
    }
}
