public import JSON
public import Ports

extension VarlinkClient {
    /// Asks the service what it is.
    public mutating func information(by deadline: MonotonicInstant) throws(ClientError) -> JSONObject {
        let reply = try call("org.varlink.service.GetInfo", by: deadline)
        try ServiceInterface.interface.expect(reply, from: "GetInfo")
        return reply
    }

    /// Asks the service for the description of one of its interfaces.
    public mutating func interface(
        _ name: String, by deadline: MonotonicInstant
    ) throws(ClientError) -> VarlinkInterface {
        let reply = try call(
            "org.varlink.service.GetInterfaceDescription", ["interface": .text(name)], by: deadline)
        try ServiceInterface.interface.expect(reply, from: "GetInterfaceDescription")
        do throws(InterfaceError) {
            return try VarlinkInterface(parsing: reply["description"]?.text ?? "")
        } catch {
            throw .badInterface(error)
        }
    }

    /// One call whose reply is checked against an interface. A service that is newer may say more than that.
    public mutating func call(
        _ method: String, of interface: VarlinkInterface, _ parameters: JSONObject = [:],
        by deadline: MonotonicInstant
    ) throws(ClientError) -> JSONObject {
        let reply = try call("\(interface.name).\(method)", parameters, by: deadline)
        try interface.expect(reply, from: method)
        return reply
    }
}

extension VarlinkInterface {
    fileprivate func expect(_ reply: JSONObject, from name: String) throws(ClientError) {
        guard let method = method(name) else { throw .refused(.methodNotFound(name)) }
        do throws(VarlinkMismatch) {
            try check(reply, against: method.output, .lenient)
        } catch {
            throw .mismatch(error)
        }
    }
}
