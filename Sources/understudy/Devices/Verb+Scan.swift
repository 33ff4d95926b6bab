import Actuators
import Ports
import Robots

extension ScanOptions {
    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let allowed = CommandLineWords.deviceOptions + [.ids, .patience]
        let line = try CommandLineWords(words, of: .scan, allowed: allowed)
        if let extra = line.arguments.first { throw .unexpectedArgument(extra, .scan) }
        return .scan(ScanOptions(look: try line.look(), asJSON: line.has(.json)))
    }

    func run(in surroundings: Surroundings) -> Outcome {
        let ports = surroundings.devices.ports()
        guard let look else { return listing(ports, in: surroundings) }
        switch look.port.resolved(among: ports) {
        case .failure(let refusal): return refusal.outcome(surroundings.errors)
        case .success(let address): return result(of: look, at: address, in: surroundings)
        }
    }

    private func listing(_ ports: Result<[PortFacts], PortError>, in surroundings: Surroundings) -> Outcome {
        switch ports {
        case .failure(let error):
            return .failure(
                .deviceFault, "the list of serial ports \(error.text)", next: error.nextStep, surroundings.errors)
        case .success(let ports):
            if asJSON { return Outcome(output: "\(JSONText.object([("ports", .list(ports.map(\.json)))]))\n") }
            let style = surroundings.output
            let list = ports.map { $0.lines(for: surroundings.user(), style) }.joined(separator: "\n")
            let none = "none: plug in the robot's adapter; 'lsusb' says whether the kernel sees it\n"
            let next =
                ports.contains { $0.identity != nil } ? "\nTo look for servos: understudy scan --port PORT\n" : ""
            return Outcome(output: style.bold("Serial ports") + "\n\n" + (ports.isEmpty ? none : list) + next)
        }
    }

    private func result(
        of look: DeviceLook, at address: DeviceAddress, in surroundings: Surroundings
    ) -> Outcome {
        switch DeviceScan.run(look.plan(at: address), with: surroundings.devices) {
        case .failure(let error): return Outcome.Refusal.port(address, error).outcome(surroundings.errors)
        case .success(let scan):
            let report = ScanReport(scan: scan, address: address)
            let output = asJSON ? "\(report.json)\n" : report.text(surroundings.output)
            return Outcome(status: report.status, output: output, errors: errors(scan, address, surroundings.errors))
        }
    }

    /// What ended the look stands on standard error as well: the results may go to a program.
    private func errors(_ scan: DeviceScan, _ address: DeviceAddress, _ style: Style) -> String {
        guard case .failed(.port(let error))? = scan.end else { return "" }
        return Outcome.Refusal.port(address, error).outcome(style).errors
    }
}
