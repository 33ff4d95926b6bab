import Actuators
import Ports
import Robots

extension ScanOptions {
    static func parse(_ words: ArraySlice<String>) throws(UsageError) -> Verb {
        let allowed = CommandLineWords.deviceOptions + [.ids]
        let line = try CommandLineWords(words, of: .scan, allowed: allowed)
        if let extra = line.arguments.first { throw .unexpectedArgument(extra, .scan) }
        var options = ScanOptions(port: try line.port(), asJSON: line.has(.json))
        if options.port == nil, let lonely = [Option.family, .baud, .ids].first(where: line.has) {
            throw .optionWithout(lonely, .port, .scan)
        }
        options.families = try line.families()
        options.rates = try line.rates()
        options.ids = try line.ids(of: options.families)
        return .scan(options)
    }

    func run(in surroundings: Surroundings) -> Outcome {
        let ports = surroundings.devices.ports()
        guard let port else { return listing(ports, in: surroundings) }
        switch port.resolved(among: ports) {
        case .failure(let refusal): return refusal.outcome(surroundings.errors)
        case .success(let address): return look(at: address, in: surroundings)
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

    private func look(at address: DeviceAddress, in surroundings: Surroundings) -> Outcome {
        let plan = DeviceScan.Plan(address: address, families: families, rates: rates, ids: ids)
        switch DeviceScan.run(plan, with: surroundings.devices) {
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
