internal import CSerialPort

/// libserialport: which ports there are, what they are, and how one is set up. Nothing else touches `CSerialPort`.
///
/// The descriptor is our own: the library's would be inherited by every program that we start. So are reading and
/// writing: after a hang-up its reads answer 0 for ever, and the blocking ones spin.
enum SerialLibrary {
    /// What a port says about its USB device; `description` is nil when it has none.
    struct USB { let description: USBDescription? }

    static func paths() throws(PortError) -> [String] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        // SAFETY: the library fills the variable with a list that ends with nil and is ours to free.
        try check(.open, unsafe sp_list_ports(&list))
        defer { unsafe sp_free_port_list(list) }
        var (paths, index): ([String], Int) = ([], 0)
        while let port = unsafe list?[index] {
            if let path = unsafe text(sp_get_port_name(port)) { paths.append(path) }
            index += 1
        }
        return paths
    }

    static func usb(of path: String) throws(PortError) -> USB {
        let port = try unsafe find(path)
        // SAFETY: the port was found above, nobody else has it, and the texts of it are copied before it is freed.
        defer { unsafe sp_free_port(port) }
        guard unsafe sp_get_port_transport(port) == SP_TRANSPORT_USB else { return USB(description: nil) }
        var (vendor, product): (Int32, Int32) = (0, 0)
        guard unsafe sp_get_port_usb_vid_pid(port, &vendor, &product) == SP_OK else { return USB(description: nil) }
        return USB(
            description: USBDescription(
                vendor: UInt16(truncatingIfNeeded: vendor), product: UInt16(truncatingIfNeeded: product),
                maker: unsafe text(sp_get_port_usb_manufacturer(port)),
                model: unsafe text(sp_get_port_usb_product(port)), serial: unsafe text(sp_get_port_usb_serial(port))))
    }

    /// Sets eight bits, no parity, one stop bit and no flow control, for whoever has the port open.
    static func configure(_ path: String) throws(PortError) {
        let port = try unsafe find(path)
        // SAFETY: the port was found above and nobody else has it; what is opened is closed before it is freed.
        defer { unsafe sp_free_port(port) }
        try check(.open, unsafe sp_open(port, SP_MODE_READ_WRITE))
        defer { unsafe sp_close(port) }
        try check(.configure, unsafe sp_set_bits(port, 8))
        try check(.configure, unsafe sp_set_parity(port, SP_PARITY_NONE))
        try check(.configure, unsafe sp_set_stopbits(port, 1))
        try check(.configure, unsafe sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE))
    }

    /// The port is the caller's to free.
    private static func find(_ path: String) throws(PortError) -> OpaquePointer {
        var port: OpaquePointer?
        // SAFETY: the library copies the path, and fills the variable only when it answers that all is well.
        let status = unsafe sp_get_port_by_name(path, &port)
        guard status != SP_ERR_ARG, let port = unsafe port else {
            try check(.open, status)
            throw .missing
        }
        return unsafe port
    }

    private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
        // SAFETY: the library answers nil or a text that ends with zero and lives as long as its port.
        let text = unsafe pointer.map { unsafe String(cString: $0) }
        return text?.isEmpty == true ? nil : text
    }

    private static func check(_ call: PortCall, _ status: sp_return) throws(PortError) {
        switch status {
        case SP_OK: return
        // Only this one leaves an errno behind.
        case SP_ERR_FAIL: throw Linux.error(of: call, code: sp_last_error_code())
        case SP_ERR_ARG: throw .missing
        default: throw .system(call: call, errno: 0)
        }
    }
}
