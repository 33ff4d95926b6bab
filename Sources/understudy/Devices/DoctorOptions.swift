/// What the doctor shall look at.
struct DoctorOptions: Equatable, Sendable {
    var asJSON = false
    /// Whether warnings fail too.
    var isStrict = false
    /// Where recordings and the ledger will be.
    var state = "/var/lib/understudy"
    var envelopes = DoctorOptions.usualEnvelopes
    /// nil asks no device.
    var look: DeviceLook?
    /// nil looks at no robot.
    var robot: RobotLook?
    /// nil looks for no switch.
    var deadMan: DeadManLook?

    static let usualEnvelopes = "safety/envelopes"

    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> DoctorOptions {
        let line = try CommandLineWords(
            words, of: .doctor,
            allowed: [
                .json, .strict, .state, .envelopes, .robots, .port, .family, .baud, .ids, .patience, .deadMan, .help,
            ])
        var options = DoctorOptions(asJSON: line.has(.json), isStrict: line.has(.strict))
        options.state = line.value(of: .state) ?? options.state
        options.envelopes = line.value(of: .envelopes) ?? options.envelopes
        if let name = line.arguments.first {
            options.robot = try RobotLook.parse(name, line)
        } else {
            if line.has(.robots) { throw .missingWord("a ROBOT for '--robots'", .doctor) }
            options.look = try line.look()
        }
        if let text = line.value(of: .deadMan) {
            guard let look = DeadManLook(text) else {
                throw .badValue("--dead-man", text, DeadManLook.words, .doctor)
            }
            options.deadMan = look
        }
        return options
    }

    /// A robot without a switch is worth a word; a machine or a bus without one is not.
    func deadManFinding(in surroundings: Surroundings) -> DoctorFinding? {
        if let deadMan { return deadMan.finding(in: surroundings) }
        return robot.map {
            DoctorFinding(
                "dead-man switch", .warn, "none was named, so none was looked at", because: DeadManLook.reason,
                fix:
                    "understudy doctor \($0.words) --dead-man usb:VENDOR:PRODUCT@BYTE.BIT   # 'lsusb' shows the numbers"
            )
        }
    }
}
