/// From the start of a process to its second iteration, and how much memory it had at most: each time a process of its own.
enum PeerMemory {
    static func compare(_ peer: String?, _ verdicts: inout PeerVerdicts) {
        print("a process that makes two iterations of 1,024 episodes (s from its start, MB at most)")
        let ours = "\(CommandLine.arguments[0]) peers alone"
        let others = peer.map { peer in ["torch", "jax"].map { "\(peer) \($0) memory 1024" } } ?? []
        var rounds = ([ours] + others).map { ($0, seconds: [Double](), size: [Double]()) }
        for _ in 0..<3 {
            for place in rounds.indices {
                let (seconds, numbers) = Peer.alone(rounds[place].0)
                guard let size = numbers.first else { continue }
                rounds[place].seconds.append(seconds)
                rounds[place].size.append(size)
            }
        }
        for (command, seconds, size) in rounds {
            let name = command == ours ? "ours" : command
            print(
                "  \(name): "
                    + (size.isEmpty ? "not installable here" : "\(PeerNumber.line(seconds)), \(PeerNumber.line(size))"))
        }
        let sizes = rounds.map { $0.size.isEmpty ? nil : Spread($0.size).quantile(0.5) }
        guard let own = sizes.first ?? nil else { return }
        verdicts.note(PeerGoals.memory, sizes.dropFirst().compactMap { $0.map { $0 / own } }.min())
    }

    /// What the process itself does: learns twice, and says how much memory it had.
    static func ours() {
        guard var pendulum = try? PeerPendulum() else { preconditionFailure("the pendulum does not fit") }
        for _ in 0..<2 { _ = try? pendulum.improve(1_024) }
        let peak = PeersBench.line(of: "/proc/self/status", "VmHWM").prefix { $0 != " " }
        print((Double(peak) ?? .nan) / 1_024)
    }
}
