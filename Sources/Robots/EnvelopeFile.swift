public import Supervision

/// What `safety/envelopes/NAME.json5` says, checked: one that exists makes sense.
public struct EnvelopeFile: Sendable {
    /// One joint as its file describes it.
    public struct Joint: Sendable {
        public let name: String
        public let drive: DriveName
        /// Every number of the joint, defaults included, in the order of the table.
        public let values: [QuotedValue]
    }

    public let robot: String
    /// Every number that concerns the whole robot, defaults included, in the order of the table.
    public let values: [QuotedValue]
    public let joints: [Joint]
    public let envelope: Envelope

    /// Reads a file. Throws everything that is wrong with it at once.
    public init(parsing bytes: Span<UInt8>) throws(FileProblems) {
        let document: JSON5Value
        do throws(JSON5Error) {
            document = try JSON5.parse(bytes)
        } catch {
            throw FileProblems(error)
        }
        var reader = EnvelopeReader()
        let file = reader.read(document)
        if let problems = FileProblems(reader.problems) { throw problems }
        guard let file else { preconditionFailure("an envelope that was not made has problems") }
        self = file
    }

    public init(parsing bytes: [UInt8]) throws(FileProblems) { try self.init(parsing: bytes.span) }

    init(robot: String, values: [QuotedValue], joints: [Joint], envelope: Envelope) {
        self.robot = robot
        self.values = values
        self.joints = joints
        self.envelope = envelope
    }
}
