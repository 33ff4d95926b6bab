/// What a device does with what it is told: its firmware.
public protocol USBFunction: Sendable {
    /// A request to the device itself. nil refuses it.
    mutating func control(_ request: ControlRequest) -> [UInt8]?
    /// Bytes through an endpoint. What the device says to them.
    mutating func receive(_ bytes: [UInt8], on endpoint: UInt8) -> [USBMessage]
}

/// What a device says, and through which endpoint.
public struct USBMessage: Sendable {
    public let endpoint: UInt8
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8], on endpoint: UInt8) {
        self.bytes = bytes
        self.endpoint = endpoint
    }
}

public struct ControlRequest: Equatable, Sendable {
    public let type: UInt8
    public let request: UInt8
    public let value: UInt16
    public let index: UInt16
    public let bytes: [UInt8]

    /// From the first eight bytes of a control transfer and what follows them.
    init(_ setup: [UInt8]) {
        (type, request) = (setup[0], setup[1])
        value = UInt16(setup[2]) | UInt16(setup[3]) << 8
        index = UInt16(setup[4]) | UInt16(setup[5]) << 8
        bytes = type & 0x80 == 0 ? Array(setup.dropFirst(8)) : []
    }
}

/// Says back what it hears.
public struct EchoFunction: USBFunction {
    private let input: UInt8

    public init(input: UInt8 = 0x81) { self.input = input }

    public mutating func control(_ request: ControlRequest) -> [UInt8]? { nil }

    public mutating func receive(_ bytes: [UInt8], on endpoint: UInt8) -> [USBMessage] {
        [USBMessage(bytes, on: input)]
    }
}

/// Says nothing by itself: a button.
public struct QuietFunction: USBFunction {
    private let takesRequests: Bool

    public init(takesRequests: Bool = true) { self.takesRequests = takesRequests }

    public mutating func control(_ request: ControlRequest) -> [UInt8]? { takesRequests ? [] : nil }

    public mutating func receive(_ bytes: [UInt8], on endpoint: UInt8) -> [USBMessage] { [] }
}
