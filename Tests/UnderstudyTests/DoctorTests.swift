import Robots
import TestSupport
import Testing

@testable import understudy

@Suite("The doctor")
struct DoctorTests {
    @Test("a machine that is well is said to be, and an ailing one gets a command for each ailment")
    func pages() {
        let healthy = Pretended().run("doctor")
        #expect(healthy.status == .done && healthy.errors.isEmpty)
        #expect(Golden.difference(healthy.output, from: "Golden/doctor-healthy.txt") == nil)
        let ailing = Pretended(facts: .ailing).run("doctor")
        #expect(ailing.status == .invalidConfiguration)
        #expect(Golden.difference(ailing.output, from: "Golden/doctor-ailing.txt") == nil)
        let programs = Pretended(facts: .ailing).run("doctor --json")
        #expect(programs.status == .invalidConfiguration)
        #expect(Golden.difference(programs.output, from: "Golden/doctor-ailing.json") == nil)
    }

    @Test("only failures fail; warnings do when asked for")
    func statuses() {
        var warned = MachineFacts.healthy
        warned.cores.allowed = 1
        #expect(Pretended().run("doctor --strict").status == .done)
        #expect(Pretended(facts: warned).run("doctor").status == .done)
        #expect(Pretended(facts: warned).run("doctor --strict").status == .failed)
        warned.envelopes.files = [.init(name: "a", problems: ["b"])]
        #expect(Pretended(facts: warned).run("doctor").status == .invalidConfiguration)
        #expect(Pretended(facts: warned).run("doctor --port /dev/pts/99999").status == .invalidConfiguration)
        #expect(Pretended().run("doctor --port /dev/pts/99999").status == .deviceFault)
    }

    @Test("what could not be looked at is never called well")
    func unseen() {
        var facts = MachineFacts.healthy
        facts.scheduling.lateness = []
        facts.clock = ClockFacts(source: nil, otherSources: [], resolutionNanoseconds: nil)
        facts.kernel.release = nil
        facts.disk = nil
        facts.serial = SerialFacts(ports: nil, isInDialout: nil)
        facts.swiftLibraries = nil
        facts.envelopes.files = nil
        let report = DoctorReport(facts, DoctorOptions())
        let well = report.findings.filter { $0.status == .ok }.map(\.subject)
        #expect(well == ["real-time scheduling", "locked memory", "cores"])
        #expect(report.findings.filter { $0.status != .ok }.allSatisfy { $0.fix?.isEmpty == false })
    }

    private func status(_ change: (inout MachineFacts) -> Void) -> [DoctorFinding.Status] {
        var facts = MachineFacts.healthy
        change(&facts)
        return DoctorReport(facts, DoctorOptions()).findings.map(\.status).filter { $0 != .ok }
    }

    @Test(
        "wake-ups are judged by the latest and by 99 of 100",
        arguments: [
            (200_000, 1_000_000, true), (200_001, 1_000_000, false), (200_000, 1_000_001, false), (0, 0, true),
        ] as [(Int64, Int64, Bool)])
    func wakeUps(usual: Int64, worst: Int64, isPunctual: Bool) {
        // Of 200 the last two are beyond 99 of 100.
        let lateness = Array(repeating: usual, count: 198) + [worst, worst]
        #expect(status { $0.scheduling.lateness = lateness.reversed() } == (isPunctual ? [] : [.warn]))
    }

    @Test(
        "the disk is judged by what is free",
        arguments: [(0, .fail), ((100 << 20) - 1, .fail), (100 << 20, .warn), ((2 << 30) - 1, .warn), (2 << 30, .ok)]
            as [(UInt64, DoctorFinding.Status)])
    func disk(free: UInt64, expected: DoctorFinding.Status) {
        #expect(status { $0.disk?.freeBytes = free } == (expected == .ok ? [] : [expected]))
    }

    @Test("the clock is judged by its source and by its resolution")
    func clock() {
        #expect(status { $0.clock.resolutionNanoseconds = 1_000 } == [])
        #expect(status { $0.clock.resolutionNanoseconds = 1_001 } == [.warn])
        #expect(status { $0.clock.resolutionNanoseconds = 1_000_001 } == [.fail])
        #expect(status { $0.clock.source = "acpi_pm" } == [.warn])
        #expect(status { $0.clock.source = nil } == [.warn])
    }

    @Test(
        "without a serial device it is said whether this user could open one",
        arguments: [(true, "may use one"), (false, "is not in the group dialout"), (nil, "there is no group dialout")]
            as [(Bool?, String)])
    func noSerialDevice(isInDialout: Bool?, words: String) {
        var facts = MachineFacts.healthy
        facts.serial = SerialFacts(ports: [], isInDialout: isInDialout)
        let finding = DoctorReport(facts, DoctorOptions()).findings.first { $0.subject == "serial devices" }
        #expect(finding?.status == .warn && finding?.found.contains(words) == true)
        #expect(finding?.fix?.contains("usermod") == (isInDialout == false))
    }

    @Test("a warning about cores or the clock names what can be done here")
    func fixes() {
        var facts = MachineFacts.healthy
        facts.cores = CoreFacts(online: 1, allowed: 1)
        facts.clock = ClockFacts(source: "hpet", otherSources: ["acpi_pm", "tsc"], resolutionNanoseconds: 1)
        facts.scheduling.lateness = [2_000_000]
        let fixes = DoctorReport(facts, DoctorOptions()).findings.compactMap(\.fix)
        #expect(fixes.count == 3)
        #expect(fixes.contains { $0.hasPrefix("echo tsc | sudo tee ") } && fixes.contains("use a machine with two"))
        facts.clock.otherSources = ["acpi_pm"]
        #expect(DoctorReport(facts, DoctorOptions()).findings.contains { $0.fix?.hasPrefix("none known") == true })
    }

    @Test("a path that does not exist yet is followed up to where it begins, and no further than folders go")
    func paths() {
        #expect(DiskFacts.measured("no/such/folder")?.found == ".")
        #expect(DiskFacts.measured("/dev/null/below") == nil)
        #expect(namesInFolder("/nowhere") == nil && firstLine(of: "/dev/null") == nil)
    }

    @Test("an envelope that is invalid fails, a folder without any warns")
    func envelopes() {
        #expect(status { $0.envelopes.files = [] } == [.warn])
        #expect(status { $0.envelopes.files = [.init(name: "a", problems: ["b"])] } == [.fail])
    }

    @Test("this machine is looked at, and everything tried is given back")
    func here() {
        let facts = MachineFacts(looking: DoctorOptions(state: "/nowhere/at/all", envelopes: "/nowhere"))
        #expect(facts.scheduling.lateness.count == 200 && facts.scheduling.lateness.allSatisfy { $0 >= 0 })
        #expect(facts.cores.online > 0 && facts.kernel.release != nil && !facts.user.isEmpty)
        #expect(facts.disk?.found == "/" && facts.disk?.wanted == "/nowhere/at/all")
        #expect(facts.envelopes.files == nil)
        #expect(facts.clock.resolutionNanoseconds.map { $0 > 0 } == true)
    }

    @Test("a folder of envelopes is read file by file")
    func folder() throws {
        let run = try ProcessRun.shell(
            "folder=$(mktemp -d); echo '{' > $folder/a.json5; touch $folder/b.txt; echo -n $folder")
        let facts = EnvelopeFacts(folder: run.output)
        #expect(facts.files?.map(\.name) == ["a.json5"])
        #expect(facts.files?.first?.problems.count == 1)
        _ = try ProcessRun.shell("rm -r \(run.output)")
    }
}
