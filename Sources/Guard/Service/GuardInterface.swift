public import Varlink

/// The contract of the guard: the text of `org.understudy.Guard.varlink`, as it lies beside this file.
public enum GuardInterface {
    public static let name = "org.understudy.Guard"

    /// The error for whom there is no place.
    public static let crowded = "\(name).Crowded"

    /// Where the guard of a robot listens.
    public static func socket(of robot: String) -> String { "/run/understudy/\(robot)/guard.sock" }

    /// Where the guard of a robot keeps its ledger and its recordings.
    public static func state(of robot: String) -> String { "/var/lib/understudy/\(robot)" }

    public static let interface: VarlinkInterface = {
        do throws(InterfaceError) {
            return try VarlinkInterface(parsing: PackageResources.org_understudy_Guard_varlink)
        } catch {
            preconditionFailure("the interface is part of this program, line \(error.line)")
        }
    }()

    public static func service(version: String) -> VarlinkService {
        VarlinkService(
            vendor: "Understudy", product: "understudy guard", version: version, url: "",
            interfaces: [interface], noPlaceError: crowded)
    }
}
