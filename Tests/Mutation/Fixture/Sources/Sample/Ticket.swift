/// What makes rewriting hard: values that cannot be copied, typed throws, loops, fixed arrays.
public struct Ticket: ~Copyable {
    public let number: Int
    public init(number: Int) { self.number = number }
}

public enum Refused: Error, Equatable {
    case usedUp
    case unknown(Int)
}

public struct Turnstile: ~Copyable {
    private var passed = InlineArray<4, Int>(repeating: -1)
    private var used = 0
    public let isOpen: Bool?

    public init(isOpen: Bool? = true) { self.isOpen = isOpen }

    /// Takes a ticket and says how many have passed.
    public mutating func enter(_ ticket: consuming Ticket) throws(Refused) -> Int {
        guard isOpen ?? false, ticket.number >= 0 else { throw .unknown(ticket.number) }
        guard used < 4 else { throw .usedUp }
        passed[used] = ticket.number
        used += 1
        return used
    }

    /// The position of the ticket among those that passed.
    public func position(of ticket: borrowing Ticket) -> Int? {
        var index = 0
        while index < used, let number = optional(passed[index]) {
            if number == ticket.number { return index }
            index += 1
        }
        return nil
    }

    private func optional(_ number: Int) -> Int? { number }

    public func sum(of numbers: borrowing InlineArray<4, Int>) -> Int {
        var total = 0
        for index in 0..<4 { total += numbers[index] }
        return total
    }

    public static func isOutside(_ number: Int) -> Bool { !(number > 0) || number > 9 }
}
