public import JSON

/// An error as it goes over the wire: a qualified name and parameters.
public struct VarlinkError: Error, Equatable, Sendable {
    public let name: String
    public let parameters: JSONObject

    public init(_ name: String, _ parameters: JSONObject = [:]) {
        self.name = name
        self.parameters = parameters
    }

    public static func interfaceNotFound(_ interface: String) -> VarlinkError {
        VarlinkError("org.varlink.service.InterfaceNotFound", ["interface": .text(interface)])
    }
    public static func methodNotFound(_ method: String) -> VarlinkError {
        VarlinkError("org.varlink.service.MethodNotFound", ["method": .text(method)])
    }
    public static func methodNotImplemented(_ method: String) -> VarlinkError {
        VarlinkError("org.varlink.service.MethodNotImplemented", ["method": .text(method)])
    }
    public static func invalidParameter(_ parameter: String) -> VarlinkError {
        VarlinkError("org.varlink.service.InvalidParameter", ["parameter": .text(parameter)])
    }
    public static let permissionDenied = VarlinkError("org.varlink.service.PermissionDenied")
    /// The method answers with a stream and must be called with `more`.
    public static let expectedMore = VarlinkError("org.varlink.service.ExpectedMore")
}

/// What a client sends.
struct CallMessage: Equatable {
    /// Qualified by the interface.
    var method: String
    var parameters: JSONObject = [:]
    var isOneway = false
    var wantsMore = false
    var wantsUpgrade = false

    init(method: String, parameters: JSONObject = [:]) {
        self.method = method
        self.parameters = parameters
    }

    /// nil when the value is no call at all. Members that nobody knows are passed over, as the protocol has it.
    init?(_ value: JSONValue) {
        guard let object = value.object, let method = object["method"]?.text else { return nil }
        let flags = ["oneway", "more", "upgrade"].map { object[$0] ?? .null }.map { $0.isNull ? false : $0.boolean }
        guard let isOneway = flags[0], let wantsMore = flags[1], let wantsUpgrade = flags[2] else { return nil }
        self.method = method
        switch object["parameters"] {
        case nil, .null: break
        case .object(let parameters): self.parameters = parameters
        default: return nil
        }
        (self.isOneway, self.wantsMore, self.wantsUpgrade) = (isOneway, wantsMore, wantsUpgrade)
    }

    var bytes: [UInt8] {
        var object: JSONObject = ["method": .text(method)]
        if !parameters.members.isEmpty { object["parameters"] = .object(parameters) }
        if isOneway { object["oneway"] = true }
        if wantsMore { object["more"] = true }
        return JSONValue.object(object).bytes + [0]
    }

    /// The part before the last point, and the part behind it.
    var names: (interface: String, method: String) {
        guard let point = method.lastIndex(of: ".") else { return (method, "") }
        return (String(method[..<point]), String(method[method.index(after: point)...]))
    }
}

/// What a service answers.
enum ReplyMessage: Equatable {
    case reply(JSONObject, continues: Bool)
    case error(VarlinkError)

    /// nil when the value is no reply at all.
    init?(_ value: JSONValue) {
        guard let object = value.object else { return nil }
        let parameters: JSONObject
        switch object["parameters"] {
        case nil, .null: parameters = [:]
        case .object(let given): parameters = given
        default: return nil
        }
        let (error, continues) = (object["error"] ?? .null, object["continues"] ?? .null)
        if let name = error.text {
            self = .error(VarlinkError(name, parameters))
        } else if error.isNull, continues.isNull || continues.boolean != nil {
            self = .reply(parameters, continues: continues.boolean ?? false)
        } else {
            return nil
        }
    }

    var bytes: [UInt8] {
        var object = JSONObject()
        switch self {
        case .reply(let parameters, let continues):
            object["parameters"] = .object(parameters)
            if continues { object["continues"] = true }
        case .error(let error):
            object["error"] = .text(error.name)
            object["parameters"] = .object(error.parameters)
        }
        return JSONValue.object(object).bytes + [0]
    }
}
