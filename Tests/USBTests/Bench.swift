import Testing
import USBEmulator

extension EmulatedMachine {
    func probe() throws -> Child { try Child("USBProbe", environment: environment) }

    /// A board that is plugged in.
    func board(
        _ serial: String? = "E0001", events: Bool = true, socket: String = "1-1",
        as function: any USBFunction = EchoFunction()
    ) throws -> EmulatedUSBDevice {
        let device = EmulatedUSBDevice(.board(serial, events: events), function, socket: socket, on: self)
        try device.plug()
        return device
    }

    func pedal(_ function: any USBFunction = QuietFunction(), socket: String = "1-1") throws -> EmulatedUSBDevice {
        let device = EmulatedUSBDevice(.pedal("P1"), function, socket: socket, on: self)
        try device.plug()
        return device
    }
}

/// Like `#expect`, and says what the answer was: a macro does not show what a call that may throw answered.
func expect(_ answer: String?, _ wanted: String, at place: SourceLocation = #_sourceLocation) {
    #expect(answer == wanted, sourceLocation: place)
}
