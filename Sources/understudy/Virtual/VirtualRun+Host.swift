import Glibc
import Ports
import Robots
import Simulator
import VirtualRobot

extension VirtualRun {
    /// Runs until somebody wants it to end; the first line of the output is what a master opens. Whatever ends it, links,
    /// sockets and the terminal are as they were before.
    func host<Wire: VirtualWire, Body: VirtualBody>(
        _ bus: VirtualBus<Wire, Body>, named name: String, in surroundings: Surroundings
    ) -> Outcome {
        // Before the first thread begins, which inherits this: an impatient finger must not leave anything behind.
        Interruption.hold()
        let sink: RunFile?
        do throws(FileTrouble) { sink = try record.map { path throws(FileTrouble) in try RunFile(path) } } catch {
            let text = "cannot write the run to \(quoted(record ?? "")): \(error.reason)"
            return .failure(.failed, text, next: "name a file that can be written", surroundings.errors)
        }
        let conditions = HostConditions(speed: speed, sink: sink)
        do throws(PortError) {
            let side = try control.map { path throws(PortError) in try ControlSocket(at: path) }
            if let lockstep {
                return try host(bus, at: lockstep, conditions, side: side, named: name, in: surroundings)
            }
            return try host(bus, onTerminal: conditions, side: side, named: name, in: surroundings)
        } catch {
            let what = "there is no place for a virtual robot: a terminal or socket of it \(error.text)"
            return .failure(.failed, what, next: error.nextStep, surroundings.errors)
        }
    }

    private func host<Wire: VirtualWire, Body: VirtualBody>(
        _ bus: VirtualBus<Wire, Body>, onTerminal conditions: HostConditions, side: consuming ControlSocket?,
        named name: String, in surroundings: Surroundings
    ) throws(PortError) -> Outcome {
        let terminal = try TerminalPort(link: link)
        let host: VirtualRobotHost<Wire, Body>
        do throws(HostError) { host = try VirtualRobotHost(bus, on: terminal, conditions) } catch {
            return noThread(surroundings)
        }
        let pace = conditions.speed == 1 ? "" : ", \(conditions.speed ?? 1) times as fast as real time"
        announce(host.path ?? "", "\(name) at \(host.path ?? "")\(pace); Ctrl-C ends them", surroundings)
        try watch(conditions.control, side, surroundings)
        let outcome = host.stop()
        let pacing = outcome.pacing
        surroundings.devices.tell("\(pacing.deliveries) answers, \(pacing.bytesLost) bytes that nobody took\n")
        return finished(outcome.logTrouble, surroundings)
    }

    private func host<Wire: VirtualWire, Body: VirtualBody>(
        _ bus: VirtualBus<Wire, Body>, at path: String, _ conditions: HostConditions, side: consuming ControlSocket?,
        named name: String, in surroundings: Surroundings
    ) throws(PortError) -> Outcome {
        let listener = try SocketListener(at: path)
        let host: LockstepHost<Wire, Body>
        do throws(HostError) { host = try LockstepHost(bus, on: listener, conditions) } catch {
            return noThread(surroundings)
        }
        announce(path, "\(name) in lockstep at \(path); Ctrl-C ends them", surroundings)
        try watch(conditions.control, side, surroundings)
        let outcome = host.stop()
        let milliseconds = outcome.bus.now.nanoseconds / 1_000_000
        surroundings.devices.tell("\(outcome.masters) masters, \(milliseconds) ms of virtual time\n")
        if let refusal = outcome.refusal {
            surroundings.devices.tell("the last one that was refused: \(PortError.foreign(refusal).text)\n")
        }
        return finished(outcome.logTrouble, surroundings)
    }

    private func announce(_ path: String, _ text: String, _ surroundings: Surroundings) {
        surroundings.say("\(path)\n")
        surroundings.devices.tell("\(text)\n")
    }

    private func watch(
        _ control: HostControl, _ side: consuming ControlSocket?, _ surroundings: Surroundings
    ) throws(PortError) {
        var watch = try VirtualWatch(control, side: side, hasView: hasView, isTerminal: isTerminal(.output))
        watch.run(in: surroundings)
    }

    private func finished(_ trouble: Int32?, _ surroundings: Surroundings) -> Outcome {
        guard let trouble else { return Outcome() }
        let text = "the run in \(quoted(record ?? "")) is not whole: \(FileTrouble(code: trouble).reason)"
        return .failure(.failed, text, next: "make room and run it again", surroundings.errors)
    }

    private func noThread(_ surroundings: Surroundings) -> Outcome {
        .failure(.failed, "the system has no thread left", next: "end other programs", surroundings.errors)
    }
}
