internal import CLinux

/// Who is at the other end of a Unix socket, by the kernel's word from the moment of the connect.
public struct PeerCredentials: Equatable, Sendable {
    /// May belong to another process by now; good for logs, not for decisions.
    public let process: Int32
    public let user: UInt32
    public let group: UInt32
    /// The supplementary groups that the process had: what it was started with, or has not dropped.
    public let processGroups: [UInt32]
    /// The groups that the system's data give the user today, `group` among them; empty for a user it does not know.
    public let userGroups: [UInt32]

    public init(process: Int32, user: UInt32, group: UInt32, processGroups: [UInt32], userGroups: [UInt32]) {
        self.process = process
        self.user = user
        self.group = group
        self.processGroups = processGroups
        self.userGroups = userGroups
    }

    /// Whether the system's data make the user a member and the process has not given the membership up.
    ///
    /// Both, because each alone lies: a person who was taken out of the group keeps it in old processes, and a process
    /// that was started without it on purpose must not get it back.
    public func isMember(of wanted: UInt32) -> Bool {
        userGroups.contains(wanted) && (group == wanted || processGroups.contains(wanted))
    }
}

extension PeerCredentials {
    init(of descriptor: borrowing Descriptor) throws(PortError) {
        var (process, user, group): (Int32, UInt32, UInt32) = (0, 0, 0)
        // SAFETY: the call fills three variables that outlive it.
        try Linux.checked(.accept, unsafe clinux_peer(descriptor.number, &process, &user, &group))
        let number = descriptor.number
        let (owner, own) = (user, group)
        // SAFETY: each call fills at most the room it is told of, and keeps no pointer.
        let held = unsafe Self.groups { unsafe clinux_peer_groups(number, $0.baseAddress, Int32($0.count)) }
        let given = unsafe Self.groups { unsafe clinux_user_groups(owner, own, $0.baseAddress, Int32($0.count)) }
        self.init(process: process, user: user, group: group, processGroups: held, userGroups: given)
    }

    /// Asks again with more room until all groups fit; an error is no group.
    private static func groups(_ ask: (UnsafeMutableBufferPointer<UInt32>) -> Int32) -> [UInt32] {
        // NGROUPS_MAX of Linux.
        let most = 65_536
        var capacity = 64
        while true {
            var count = 0
            // SAFETY: only as many elements count as initialised as were filled, and never more than there are.
            let groups = unsafe [UInt32](unsafeUninitializedCapacity: capacity) { room, filled in
                unsafe room.initialize(repeating: 0)
                count = unsafe Int(ask(room))
                filled = max(0, min(count, capacity))
            }
            if count <= capacity || capacity >= most { return groups }
            capacity = min(max(count, 2 * capacity), most)
        }
    }
}
