import Glibc

/// Where a rule of tidiness holds.
struct Place: OptionSet {
    let rawValue: UInt8

    /// The rooms that the microcontroller shares.
    static let ringZero = Place(rawValue: 1)
    /// Every other room below the doors.
    static let rooms = Place(rawValue: 2)
    /// What a person starts.
    static let doors = Place(rawValue: 4)
    static let tests = Place(rawValue: 8)
    /// Scripts, manifests, tables: whatever is not Swift.
    static let others = Place(rawValue: 16)

    static let pure: Place = [.ringZero, .rooms]
    static let sources: Place = [.pure, .doors]
    static let swift: Place = [.sources, .tests]
    static let everywhere: Place = [.swift, .others]

    static func of(_ file: TextFile, in walls: Walls) -> Place {
        guard file.path.hasSuffix(".swift"), !file.path.hasPrefix("Tests/") else {
            return file.path.hasSuffix(".swift") ? .tests : .others
        }
        switch walls.room(String(file.home.dropFirst("Sources/".count)))?.ring {
        case 0: return .ringZero
        case 4: return .doors
        default: return .rooms
        }
    }
}

/// Words that have no place in the house, and what to write instead.
struct BannedWord {
    let words: [String]
    let instead: String
    let places: Place
    /// Whether comments and strings are read too.
    var everyLetter = false
    /// Files that may, each with the reason beside it.
    var allowed: Set<String> = []

    init(
        _ words: String..., instead: String, in places: Place, everyLetter: Bool = false, allowed: Set<String> = []
    ) {
        self.words = words
        self.instead = instead
        self.places = places
        self.everyLetter = everyLetter
        self.allowed = allowed
    }

    func findings(in file: TextFile, at place: Place) -> [Finding] {
        guard places.contains(place), !allowed.contains(file.path) else { return [] }
        let text = everyLetter ? file.text : file.code
        return words.flatMap { word in
            text.lines(with: word).map { Finding(path: file.path, line: $0, message: "\(word): \(instead)") }
        }
    }
}

extension BannedWord {
    /// The list. The last two words are put together here so that this file does not report itself.
    static let all: [BannedWord] = [
        BannedWord("try!", instead: "use a typed throw and handle it", in: .swift),
        BannedWord(
            "as!", instead: "use `as?` and say what happens otherwise, or a type that needs no cast", in: .swift),
        BannedWord(
            "fatalError(", instead: "use preconditionFailure: release builds keep its sentence too", in: .sources),
        BannedWord(
            "Date", "ContinuousClock", "SuspendingClock", "clock_gettime", "gettimeofday", "DispatchTime",
            instead: "time is an argument; only a shell reads a clock", in: .pure),
        BannedWord(
            "SystemRandomNumberGenerator", "arc4random", ".randomElement()", ".shuffled()", ".shuffle()",
            "Bool.random()",
            instead: "chance is an argument; take a seeded generator and pass it with `using:`", in: .swift),
        BannedWord("print(", instead: "rooms return values; the doors write", in: .pure),
        BannedWord(
            "@unchecked Sendable", "nonisolated(unsafe)",
            instead: "share through an actor or a ring; an exception belongs on the list in Tidy.swift", in: .swift,
            allowed: [
                // A pointer of a C library's that cannot be copied.
                "Sources/Ports/Sole.swift",
                // The memory between two threads.
                "Sources/Threads/Ring.swift", "Sources/Threads/Bulletin.swift",
                // Shared by a bus and its port, which are on one thread.
                "Sources/Cockpit/Bytes/LineTape.swift",
                // MuJoCo's model, which nobody changes, and its workspace, which is copied before it is changed.
                "Sources/Simulator/Robot/LinkModel.swift",
                // Between an interrupt and the loop, where there are no actors.
                "Firmware/Sources/BoardApplication/Shared.swift",
            ]),
        BannedWord(
            "async", "await", "actor", "Task", instead: "ring 0 also runs where there is no runtime", in: .ringZero),
        BannedWord(".disabled(", "withKnownIssue", instead: "mend the test or delete it", in: .tests),
        BannedWord(
            "-Ounch" + "ecked", instead: "it deletes preconditions; use -O with -assert-config Debug", in: .everywhere,
            everyLetter: true),
        BannedWord(
            "TO" + "DO", "FIX" + "ME", "XX" + "X", instead: "finish it, or write an issue", in: .everywhere,
            everyLetter: true),
    ]
}

extension String {
    /// The numbers of the lines where `word` stands by itself, not as a part of a longer word.
    func lines(with word: String) -> [Int] {
        let isWord = { (character: Character?) in
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        // Most words stand nowhere, and a search of bytes says so a hundred times sooner than one of letters.
        guard mentions(word) else { return [] }
        return split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            guard line.mentions(word) else { return nil }
            let stands = line.ranges(of: word).contains { range in
                let before = line[..<range.lowerBound].last
                let after = line[range.upperBound...].first
                let startsFree = !isWord(word.first) || !isWord(before) && !(word == "print(" && before == ".")
                return startsFree && !(isWord(word.last) && isWord(after))
            }
            return stands ? number + 1 : nil
        }
    }
}

extension StringProtocol {
    /// Whether these bytes stand somewhere in it.
    fileprivate func mentions(_ word: String) -> Bool { unsafe strstr(String(self), word) != nil }
}
