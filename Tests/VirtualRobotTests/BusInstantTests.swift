import Testing
import VirtualRobot

@Test("instants of a virtual bus are ordered by their nanoseconds")
func instantsAreOrdered() {
    #expect(BusInstant.start < BusInstant(nanoseconds: 1))
    #expect(!(BusInstant(nanoseconds: 1) < BusInstant.start))
}
