import Glibc

/// One subcommand a claim. Every number is printed with how it was got.
@main
enum Bench {
    static let subjects: [(name: String, what: String, run: @Sendable (_ peer: String?) -> Void)] = [
        ("supervision", "one judged tick of a 6-joint robot", { _ in SupervisionBench.run() }),
        (
            "bus [PEER]", "read and write 6 servos on a paced bus; PEER: a command that does the same there",
            BusBench.run
        ),
        ("loop", "a tick of the control loop, and its punctuality beside cyclictest", { _ in LoopBench.run() }),
        (
            "codecs", "what goes over the wires of six servos in one tick, written and read", { _ in CodecBench.run() }
        ),
        ("virtual", "how much faster than real time virtual robots are", { _ in VirtualBench.run() }),
        (
            "recordings [PEER]",
            "a tick into the ring and into the file; PEER: a command that writes the same messages",
            RecordingsBench.run
        ),
        ("replay", "how much faster than real time recordings play", { _ in ReplayBench.run() }),
        ("ledger", "entries that are on the disk when the call returns", { _ in LedgerBench.run() }),
        ("expressions", "compiled models against the same models by hand", { _ in ExpressionsBench.run() }),
        ("gap", "what the reduced models predict against what the virtual bodies do", { _ in GapBench.run() }),
        ("fit [ROBOT[:COUNT[:FIRST]]]", "what predictions gain by fitting the models to motion", FitBench.run),
        (
            "fidelity [ROBOT[:COUNT[:FIRST]]]", "whether a model's score is what thousands of flights come to",
            FidelityBench.run
        ),
        ("learn [OPTION...]", "how many real episodes each way of learning takes", { _ in LearnBench.run([]) }),
        ("bands [ROBOT]", "how often flights leave the bands that are made of forecasts", BandBench.run),
        (
            "paper [OPTION...]", "published tasks and methods, and ours, on Gymnasium's robots",
            { _ in PaperBench.run([]) }
        ),
        ("scale", "a rehearsal that several processes share", { _ in ScaleBench.run() }),
        ("policy", "one action of a policy, and many at once", { _ in PolicyBench.run() }),
        (
            "peers [PEER]", "ours against NumPy, JAX, torch and others; PEER: a command that takes one's words",
            PeersBench.run
        ),
    ]

    static func main() {
        let words = CommandLine.arguments.dropFirst()
        if words.first == "learn" { return LearnBench.run(Array(words.dropFirst())) }
        if words.first == "paper" { return PaperBench.run(Array(words.dropFirst())) }
        guard let word = words.first, words.count <= 2,
            let subject = subjects.first(where: { $0.name.split(separator: " ").first == Substring(word) }),
            words.count == 1 || subject.name != word
        else {
            let names = subjects.map { "  \($0.name)  \($0.what)" }.joined(separator: "\n")
            complain("usage: bench SUBJECT\n\nSubjects:\n\(names)")
            exit(2)
        }
        subject.run(words.dropFirst().first)
    }

    private static func complain(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        // SAFETY: the array outlives the call, and the count is its own.
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
