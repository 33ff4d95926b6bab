import Robots

// Judging of serial ports: who may use them, what they are called, how quickly they answer, who has them.

extension SerialFacts {
    /// The plugged-in adapters; ports of the machine's own that nothing is known of are no robots.
    private var adapters: [PortFacts]? { ports?.filter { $0.device != nil || $0.identity != nil } }

    func findings(for user: String) -> [DoctorFinding] {
        guard let adapters, !adapters.isEmpty else { return [access(for: user)] }
        return [access(for: user), names(adapters), latency(adapters), power(adapters), users(adapters)].compactMap {
            $0
        }
    }

    private func access(for user: String) -> DoctorFinding {
        let reason = "servos and boards hang on a serial adapter that the guard opens for reading and writing"
        guard let adapters else {
            let found = "the serial ports could not be listed"
            return DoctorFinding("serial devices", .warn, found, because: reason, fix: "mount /sys and /dev")
        }
        guard !adapters.isEmpty else { return withoutDevice(user, reason) }
        let lines = adapters.map { port in
            let owner = port.group.map { " (group \($0))" } ?? ""
            return "\(quoted(port.name))\(port.mayUse ? "" : " may not be opened")\(owner)"
        }
        let found = lines.joined(separator: ", ")
        guard let locked = adapters.first(where: { !$0.mayUse }) else {
            return DoctorFinding("serial devices", .ok, found, because: reason)
        }
        return DoctorFinding("serial devices", .warn, found, because: reason, fix: locked.joinCommand(for: user))
    }

    private func withoutDevice(_ user: String, _ reason: String) -> DoctorFinding {
        let none = "no serial adapter is plugged in"
        let plug = "plug in the robot's adapter"
        switch isInDialout {
        case true?:
            return DoctorFinding("serial devices", .warn, "\(none); \(user) may use one", because: reason, fix: plug)
        case false?:
            let found = "\(none); \(user) is not in the group dialout"
            let fix = "sudo usermod --append --groups dialout \(user)   # then log in again"
            return DoctorFinding("serial devices", .warn, found, because: reason, fix: fix)
        case nil:
            let found = "\(none); there is no group dialout here"
            return DoctorFinding("serial devices", .warn, found, because: reason, fix: plug)
        }
    }

    private func names(_ adapters: [PortFacts]) -> DoctorFinding {
        let reason = "a name that whatever is plugged in first gets leads to the wrong robot one day"
        let nameless = adapters.filter { $0.identity == nil }
        guard nameless.isEmpty else {
            let found = "\(list(nameless.map(\.path))) has no name that stays"
            let fix = "install udev, which makes /dev/serial, or use an adapter with a serial number"
            return DoctorFinding("port names", .warn, found, because: reason, fix: fix)
        }
        return DoctorFinding("port names", .ok, "every adapter has one that stays", because: reason)
    }

    /// nil when no adapter has such a timer.
    private func latency(_ adapters: [PortFacts]) -> DoctorFinding? {
        let timers = adapters.filter { $0.latencyMilliseconds != nil }
        if timers.isEmpty { return nil }
        let reason = "a short answer lies in the adapter for so long, and every tick waits for it"
        let found = timers.map { "\($0.latencyMilliseconds ?? 0) ms at \(quoted($0.name))" }.joined(separator: ", ")
        let isSlow = timers.contains { ($0.latencyMilliseconds ?? 0) > 1 }
        let rule = #"ACTION=="add", SUBSYSTEM=="usb-serial", DRIVER=="ftdi_sio", ATTR{latency_timer}="1""#
        return DoctorFinding(
            "latency timer", isSlow ? .warn : .ok, found, because: reason,
            fix: udevCommand([rule], file: "60-understudy-latency.rules", subsystem: "usb-serial"))
    }

    /// nil when nothing is known of it.
    private func power(_ adapters: [PortFacts]) -> DoctorFinding? {
        let known = adapters.filter { $0.mayAutosuspend != nil }
        if known.isEmpty { return nil }
        let reason = "an adapter that falls asleep between two episodes is gone when it is needed"
        let sleepy = known.filter { $0.mayAutosuspend == true }
        guard !sleepy.isEmpty else {
            return DoctorFinding("power saving", .ok, "the kernel keeps every adapter awake", because: reason)
        }
        let rules = sleepy.compactMap { port -> String? in
            guard let vendor = port.vendor, let product = port.product else { return nil }
            return #"ACTION=="add", SUBSYSTEM=="usb", ATTR{idVendor}=="\#(vendor)", ATTR{idProduct}=="\#(product)", "#
                + #"ATTR{power/control}="on""#
        }
        let found = "the kernel may switch off \(list(sleepy.map(\.name)))"
        return DoctorFinding(
            "power saving", .warn, found, because: reason,
            fix: udevCommand(Set(rules).sorted(), file: "60-understudy-power.rules", subsystem: "usb"))
    }

    private func users(_ adapters: [PortFacts]) -> DoctorFinding {
        let reason = "two programs at one port take each other's answers"
        let held = adapters.filter { !$0.heldBy.isEmpty }
        guard !held.isEmpty else {
            return DoctorFinding("ports in use", .ok, "none, as far as this user can see", because: reason)
        }
        let found = held.map { "\(quoted($0.name)) by \(list($0.heldBy))" }.joined(separator: ", ")
        return DoctorFinding("ports in use", .warn, found, because: reason, fix: "end that program")
    }

    private func list(_ names: [String]) -> String { names.map { quoted($0) }.joined(separator: ", ") }

    /// Writes a file of rules and applies it to what is plugged in.
    private func udevCommand(_ rules: [String], file: String, subsystem: String) -> String {
        let lines = rules.map { "'\($0)'" }.joined(separator: " ")
        return "printf '%s\\n' \(lines) | sudo tee /etc/udev/rules.d/\(file) && sudo udevadm control --reload "
            + "&& sudo udevadm trigger --subsystem-match=\(subsystem) --action=add"
    }
}
