internal import JSON

/// The interface that every service has.
enum ServiceInterface {
    static let text = """
        # Every service describes itself and its interfaces through this one.
        interface org.varlink.service

        # Who provides the service, and which interfaces it has.
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # The text that describes one interface.
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The service has no such interface.
        error InterfaceNotFound (interface: string)

        # The interface has no such method.
        error MethodNotFound (method: string)

        # The interface has the method, and the service does not do it.
        error MethodNotImplemented (method: string)

        # A parameter is missing, unknown, or not of its type.
        error InvalidParameter (parameter: string)

        # The caller may not do that.
        error PermissionDenied ()

        # The method answers more than once and must be called so.
        error ExpectedMore ()

        """

    static let interface: VarlinkInterface = {
        do throws(InterfaceError) {
            return try VarlinkInterface(parsing: text)
        } catch {
            preconditionFailure("the interface of every service has a mistake: \(error)")
        }
    }()

    /// The answer to a call of one of its two methods; nil for another one.
    static func answer(_ call: CallMessage, of service: VarlinkService) -> ReplyMessage? {
        let all = [interface] + service.interfaces
        switch call.names.method {
        case "GetInfo":
            let parameters: JSONObject = [
                "vendor": .text(service.vendor), "product": .text(service.product), "version": .text(service.version),
                "url": .text(service.url), "interfaces": .list(all.map { .text($0.name) }),
            ]
            return .reply(parameters, continues: false)
        case "GetInterfaceDescription":
            let wanted = call.parameters["interface"]?.text ?? ""
            guard let found = all.first(where: { $0.name == wanted }) else { return .error(.interfaceNotFound(wanted)) }
            return .reply(["description": .text(found.description)], continues: false)
        default: return nil
        }
    }
}
