internal import CLinux
internal import Glibc

extension Linux {
    static func openTerminal(_ path: String) throws(PortError) -> Descriptor {
        // SAFETY: the string outlives the call, which keeps no pointer.
        Descriptor(try checked(.open, unsafe clinux_open_terminal(path)))
    }

    /// The master of a new pseudo terminal; its slave is `/dev/pts/` and the number.
    static func openMaster(number: inout UInt32) throws(PortError) -> Descriptor {
        // SAFETY: the call writes one number to a variable that outlives it.
        Descriptor(try checked(.open, unsafe clinux_open_master(&number)))
    }

    static func makeRaw(_ descriptor: borrowing Descriptor) throws(PortError) {
        try checked(.configure, clinux_make_raw(descriptor.number))
    }

    static func flush(_ descriptor: borrowing Descriptor) throws(PortError) {
        try checked(.flush, clinux_flush(descriptor.number))
    }

    static func setBaud(_ rate: BaudRate, of descriptor: borrowing Descriptor) throws(PortError) {
        try checked(.setBaud, clinux_set_baud(descriptor.number, rate.bitsPerSecond))
    }

    /// nil while the line is told to be hung up, which Linux writes as a rate of 0.
    static func baud(of descriptor: borrowing Descriptor) throws(PortError) -> BaudRate? {
        var rate: UInt32 = 0
        // SAFETY: the call writes one number to a variable that outlives it.
        try checked(.getBaud, unsafe clinux_get_baud(descriptor.number, &rate))
        return BaudRate(rate)
    }

    static func isLowLatency(_ descriptor: borrowing Descriptor) -> Bool? {
        let answer = clinux_low_latency(descriptor.number)
        return answer < 0 ? nil : answer == 1
    }

    /// Whether the driver took it.
    static func setLowLatency(_ descriptor: borrowing Descriptor) -> Bool {
        clinux_set_low_latency(descriptor.number) >= 0
    }

    static func isSameDevice(_ descriptor: borrowing Descriptor, _ path: String) -> Bool {
        // SAFETY: the string outlives the call, which keeps no pointer.
        unsafe clinux_is_same_device(descriptor.number, path) == 1
    }

    static func listen(_ path: String) throws(PortError) -> Descriptor {
        // SAFETY: the string outlives the call, which keeps no pointer.
        Descriptor(try checked(.listen, unsafe clinux_listen(path)))
    }

    /// nil when nobody is waiting.
    static func accept(_ listener: borrowing Descriptor) throws(PortError) -> Descriptor? {
        let accepted = clinux_accept(listener.number)
        return accepted == -EAGAIN ? nil : Descriptor(try checked(.accept, accepted))
    }

    static func connect(_ path: String) throws(PortError) -> Descriptor {
        // SAFETY: the string outlives the call, which keeps no pointer.
        let status = unsafe clinux_connect(path)
        // Nobody listens behind a name that was left over; a full queue is somebody who does not answer.
        if status == -ECONNREFUSED { throw .missing }
        if status == -EAGAIN { throw .busy }
        return Descriptor(try checked(.connect, status))
    }

    static func socketPair(other: inout Descriptor?) throws(PortError) -> Descriptor {
        var (near, far): (Int32, Int32) = (-1, -1)
        // SAFETY: the call writes two numbers to variables that outlive it.
        try checked(.pair, unsafe clinux_socket_pair(&near, &far))
        other = Descriptor(far)
        return Descriptor(near)
    }
}
