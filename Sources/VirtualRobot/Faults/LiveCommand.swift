/// What a person does to a virtual robot while it runs.
public enum LiveCommand: Equatable, Sendable {
    case begin([Fault])
    /// Ends every fault of the name, or of every name, at the place, or everywhere.
    case mend(FaultName?, place: Int?)

    public static let pressStop = LiveCommand.begin([Fault(name: .emergencyStop)])
    public static let releaseStop = LiveCommand.mend(.emergencyStop, place: nil)
    public static let letGo = LiveCommand.begin([Fault(name: .deadManReleased)])
    public static let hold = LiveCommand.mend(.deadManReleased, place: nil)

    /// Reads a line that a person typed: `stop`, `release`, `hold`, `let-go`, `mend [NAME[#SERVO]]`, or faults as in a
    /// plan, whose times count from now.
    public init(parsing line: String) throws(FaultPlanError) {
        let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
        switch (words.first.map(String.init), words.count) {
        case ("stop", 1): self = .pressStop
        case ("release", 1): self = .releaseStop
        case ("hold", 1): self = .hold
        case ("let-go", 1): self = .letGo
        case ("mend", 1): self = .mend(nil, place: nil)
        case ("mend", 2):
            let fault = try Fault(parsing: words[1])
            self = .mend(fault.name, place: fault.place)
        default:
            let plan = try FaultPlan(parsing: words.joined(separator: " "))
            guard !plan.faults.isEmpty else { throw .unknownName(line) }
            self = .begin(plan.faults)
        }
    }
}
