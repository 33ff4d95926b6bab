import Foundation
import Sample
import Testing
import Units

@Suite struct SignalTests {
    static let lights: [(Float, Light)] = [(0, .red), (2, .red), (2.001, .amber), (3, .amber), (3.001, .green)]

    @Test("the light follows the distance, ends included", arguments: lights)
    func light(distance: Float, light: Light) {
        var signal = Signal(reach: Metres(2))
        let isHandled = signal.handle(.near(Metres(distance)))
        #expect(isHandled)
        #expect(signal.light == light)
        #expect(signal.count == (light == .green ? 0 : 1))
        #expect(signal.isStop == (light == .red))
    }

    @Test("what cannot be is refused and changes nothing")
    func refused() {
        var signal = Signal(reach: Metres(2))
        let isHandled = signal.handle(.near(Metres(-1)))
        #expect(!isHandled)
        #expect(signal.light == .green && signal.count == 0)
    }

    @Test("the changes are counted until all is gone")
    func counted() {
        var signal = Signal(reach: Metres(2))
        _ = signal.handle(.near(Metres(1)))
        _ = signal.handle(.far(Metres(9)))
        #expect(signal.light == .green && signal.count == 2)
        _ = signal.handle(.gone)
        #expect(signal.light == .green && signal.count == 0)
    }

    @Test("a difference is never negative")
    func difference() {
        let signal = Signal(reach: Metres(2))
        #expect(signal.difference(Metres(1), Metres(4)) == Metres(3))
        #expect(signal.difference(Metres(4), Metres(1)) == Metres(3))
    }

    @Test("a nudge keeps its direction, and this test does not look at more")
    func nudge() {
        #expect(Signal(reach: Metres(2)).nudge(Metres(1)) > .zero)
    }
}

@Suite struct TurnstileTests {
    @Test("tickets pass in order until it is full")
    func order() throws {
        var turnstile = Turnstile()
        for number in 0..<4 {
            let count = try turnstile.enter(Ticket(number: number * 7))
            #expect(count == number + 1)
        }
        for number in 0..<4 {
            let position = turnstile.position(of: Ticket(number: number * 7))
            #expect(position == number)
        }
        let unknown = turnstile.position(of: Ticket(number: 5))
        #expect(unknown == nil)
        #expect(refusal(of: &turnstile, 1) == .usedUp)
    }

    @Test("nobody has passed a new turnstile")
    func new() {
        let turnstile = Turnstile()
        let position = turnstile.position(of: Ticket(number: -1))
        #expect(position == nil)
    }

    @Test("an unknown ticket and a closed turnstile refuse", arguments: [false, nil])
    func refuses(isOpen: Bool?) {
        var open = Turnstile()
        #expect(refusal(of: &open, -1) == .unknown(-1))
        var closed = Turnstile(isOpen: isOpen)
        #expect(refusal(of: &closed, 1) == .unknown(1))
    }

    private func refusal(of turnstile: inout Turnstile, _ number: Int) -> Refused? {
        do {
            _ = try turnstile.enter(Ticket(number: number))
            return nil
        } catch {
            return error
        }
    }

    @Test("sums and bounds", arguments: [(0, true), (1, false), (9, false), (10, true)])
    func bounds(number: Int, isOutside: Bool) {
        #expect(Turnstile.isOutside(number) == isOutside)
        let sum = Turnstile().sum(of: [number, 2, 3, 4])
        #expect(sum == number + 9)
    }

    @Test("the fixture can be broken on purpose")
    func broken() {
        #expect(ProcessInfo.processInfo.environment["SAMPLE_BROKEN"] == nil)
    }
}
