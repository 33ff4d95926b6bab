import Foundation
import Glibc
import Testing

@testable import Ports

@Suite struct SocketStationTests: ~Copyable {
    private let folder: ScratchFolder
    private let path: String

    init() throws {
        folder = try ScratchFolder()
        path = "\(folder.path)/service"
    }

    private func station(_ access: SocketAccess = SocketAccess()) throws -> SocketStation {
        try SocketStation(at: path, access: access, bell: Bell())
    }

    /// Waits until somebody stands at the door, and lets them in.
    private func guest(at station: SocketStation) throws -> ServedSocket {
        let sight = try station.wait(for: [], accepting: true, by: soon())
        #expect(sight.someoneWaits)
        guard let guest = try station.accept() else { throw PortError.missing }
        return guest
    }

    @Test("says who connects: process, user and groups")
    func peer() throws {
        let station = try station()
        let link = try SocketLink(to: path)
        let peer = try guest(at: station).peer
        #expect(peer.process == getpid() && peer.user == getuid() && peer.group == getgid())
        #expect(peer.userGroups.contains(getgid()) && peer.isMember(of: getgid()))
        #expect(!peer.isMember(of: 4_000_000_000))
        try link.close()
    }

    @Test("a membership counts when the system's data and the process both have it")
    func membership() {
        let peer = { (process: [UInt32], user: [UInt32]) in
            PeerCredentials(process: 1, user: 5, group: 50, processGroups: process, userGroups: user)
        }
        #expect(peer([7], [50, 7]).isMember(of: 7))
        #expect(!peer([], [50, 7]).isMember(of: 7), "the process has dropped it")
        #expect(!peer([7], [50]).isMember(of: 7), "the system has taken it away")
        #expect(peer([], [50]).isMember(of: 50))
        #expect(!peer([50], []).isMember(of: 50), "a user that the system does not know")
    }

    @Test("one server has a path; its lock goes with it, and another one may follow")
    func lock() throws {
        do {
            let first = try station()
            #expect(portError { _ = try SocketStation(at: path, bell: Bell()) } == .busy)
            #expect(portError { _ = try SocketLink(to: first.path) } == nil)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        _ = try station()
        // A lock that somebody else holds is a live server, also before it has its socket.
        // SAFETY: the string outlives the call.
        let held = Descriptor(unsafe open("\(path).lock", O_RDWR))
        #expect(flock(held.number, LOCK_EX) == 0)
        #expect(portError { _ = try SocketStation(at: path, bell: Bell()) } == .busy)
    }

    @Test("a listener of the older kind at the path is busy too")
    func listener() throws {
        let listener = try SocketListener(at: path)
        #expect(portError { _ = try SocketStation(at: listener.path, bell: Bell()) } == .busy)
    }

    @Test("sees what can be read and who is gone, and a connection that is not looked at does not wake it")
    func sight() throws {
        let station = try station()
        var near = try SocketLink(to: path)
        let guest = try guest(at: station)
        try near.send([1, 2, 3])
        var sight = try station.wait(for: [(guest, .reading)], accepting: true, by: soon())
        #expect(sight.ready == [.reading] && sight.gone == [false] && !sight.someoneWaits)
        var buffer = [UInt8](repeating: 0, count: 8)
        var room = buffer.mutableSpan
        #expect(try guest.read(into: &room) == 3 && guest.read(into: &room) == 0)
        sight = try station.wait(for: [(guest, .writing)], accepting: true, by: soon())
        #expect(sight.ready == [.writing])
        sight = try station.wait(for: [(guest, .reading)], accepting: true, by: .past)
        #expect(sight.ready == [[]])
        try near.close()
        sight = try station.wait(for: [(guest, [])], accepting: true, by: soon())
        #expect(sight.gone == [true])
        sight = try station.wait(for: [(guest, nil)], accepting: true, by: .now() + .milliseconds(5))
        #expect(sight.gone == [false])
        #expect(portError { _ = try guest.read(into: &room) } == .hungUp(transferred: 0))
        #expect(portError { _ = try guest.write([1].span) } == .hungUp(transferred: 0))
    }

    @Test("takes as much as fits and says how much that was")
    func full() throws {
        let station = try station()
        var near = try SocketLink(to: path)
        let guest = try guest(at: station)
        let bytes = [UInt8](repeating: 7, count: 10_000_000)
        let sent = try guest.write(bytes.span)
        #expect(sent > 0 && sent < bytes.count)
        #expect(try guest.write(bytes.span) == 0)
        #expect(try near.receive(sent) == Array(bytes[..<sent]))
    }

    @Test("a bell that rang before the wait ends it, once")
    func bell() throws {
        let bell = try Bell()
        let station = try SocketStation(at: path, bell: bell)
        bell.ring()
        bell.ring()
        _ = try station.wait(for: [], accepting: true, by: .never)
        let start = MonotonicInstant.now()
        _ = try station.wait(for: [], accepting: true, by: start + .milliseconds(20))
        #expect(MonotonicInstant.now() - start >= .milliseconds(20))
    }
}
