public import Episodes
import Glibc

/// Who is behind a number, by the system's data of this moment.
enum UserNames {
    /// The user's name, or its number where it has none that could stand in a ledger.
    static func name(of user: UInt32) -> Name {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var room = [CChar](repeating: 0, count: 1 << 14)
        // SAFETY: the texts lie in the room, which outlives their copy; both results are filled by the call.
        let code = unsafe getpwuid_r(user, &entry, &room, room.count, &found)
        let text = unsafe code == 0 && found != nil ? entry.pw_name.map { unsafe String(cString: $0) } : nil
        guard let name = text.flatMap({ Name($0) }) ?? Name("\(user)") else { preconditionFailure("digits are a name") }
        return name
    }

    /// The number of a group; nil when the system has none of this name.
    static func group(_ name: String) -> UInt32? {
        var entry = unsafe group_entry()
        var found: UnsafeMutablePointer<group_entry>?
        var room = [CChar](repeating: 0, count: 1 << 16)
        // SAFETY: as above.
        let code = unsafe getgrnam_r(name, &entry, &room, room.count, &found)
        return unsafe code == 0 && found != nil ? entry.gr_gid : nil
    }
}

private typealias group_entry = Glibc.group

extension RoleRules {
    /// The groups of these names as the system has them now.
    public static func named(learners: String, operators: String) -> RoleRules {
        RoleRules(learners: UserNames.group(learners), operators: UserNames.group(operators))
    }
}

extension Author {
    /// The guard itself: the user that this process runs as.
    public static func thisProcess() -> Author {
        Author(
            userNumber: getuid(), groupNumber: getgid(), name: UserNames.name(of: getuid()), origin: "guard")
    }
}
