import Glibc
import Ports
import Varlink

/// For clients and servers of other people: `serve PATH` serves until its input ends, `call PATH` calls the same service
/// of another server and prints one line a check, `describe` prints its interface.
@main
enum VarlinkPeer {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        do {
            switch words.first {
            case "serve" where words.count == 2: try serve(at: words[2])
            case "call" where words.count == 2: try PeerCalls(to: words[2]).run()
            case "describe" where words.count == 1: print(PeerService.text)
            default:
                print("usage: VarlinkPeer serve PATH | call PATH | describe")
                exit(2)
            }
        } catch {
            print("FAILED \(error)")
            exit(1)
        }
    }

    private static func serve(at path: String) throws {
        let server = try VarlinkServer(.peer(), at: path, handler: PeerService())
        print("ready")
        fflush(nil)
        while readLine() != nil { continue }
        server.stop()
        print(server.statistics)
    }
}
