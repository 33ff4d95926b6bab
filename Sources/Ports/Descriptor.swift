internal import CLinux

/// An open file that belongs to one owner, who closes it by letting it go.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32
    private(set) var excludesOthers = false
    /// Said before it is closed.
    var lastWords = LastWords.nothing

    init(_ number: Int32) { self.number = number }

    /// Takes a terminal; `.busy` when another program has it. Binds those who ask, root's programs among them.
    func lock() throws(PortError) { try Linux.checked(.claim, clinux_lock(number)) }

    /// Keeps every program of other users than root from opening the terminal at all, until this owner closes it.
    mutating func excludeOthers() throws(PortError) {
        try Linux.checked(.claim, clinux_exclude_others(number))
        excludesOthers = true
    }

    deinit {
        Linux.say(lastWords, to: number)
        if excludesOthers { clinux_admit_others(number) }
        _ = clinux_close(number)
    }

    /// Closes now and says whether that went well.
    consuming func close() throws(PortError) {
        let (number, excludesOthers, lastWords) = (number, excludesOthers, lastWords)
        discard self
        Linux.say(lastWords, to: number)
        if excludesOthers { clinux_admit_others(number) }
        try Linux.checked(.close, clinux_close(number))
    }
}
