import Foundation
import Testing

/// What systemd itself says of what is installed.
@Suite("The services")
struct ServiceUnitTests {
    private static let units = ["understudy-guard@", "understudy-learner@"]

    private func run(_ command: String) throws -> (status: Int32, text: String) {
        let answer = try Shell.run("bash", "-c", "cd '\(Tree.root.path)' && \(command)")
        return (answer.status, answer.output)
    }

    @Test("neither unit is more exposed than 2.0", arguments: units)
    func exposure(unit: String) throws {
        let found = try run(
            "systemd-analyze security --no-pager --offline=true --threshold=20 systemd/units/\(unit).service 2>&1")
        #expect(found.status == 0, "\(found.text.suffix(600))")
        #expect(found.text.contains("Overall exposure level for \(unit)i.service"), "\(found.text.suffix(600))")
    }

    @Test("a unit without its sandbox would be found to be exposed")
    func exposureIsJudged() throws {
        let found = try run(
            "d=$(mktemp -d) && printf '[Service]\\nExecStart=/bin/true\\n' > $d/x.service && "
                + "systemd-analyze security --no-pager --offline=true --threshold=20 $d/x.service 2>&1; s=$?; rm -r $d; exit $s"
        )
        #expect(found.status != 0)
    }

    /// An installation of units alone; `edit` is a command that spoils it.
    private func verify(_ edit: String) throws -> (status: Int32, text: String) {
        try run(
            "d=$(mktemp -d) && mkdir -p $d/usr/local/bin $d/usr/lib/systemd/system && cp systemd/units/* $d/usr/lib/systemd/system && "
                + "cp /usr/lib/systemd/system/*.target /usr/lib/systemd/system/*.slice $d/usr/lib/systemd/system/ && "
                + "printf '#!/bin/sh\\n' > $d/usr/local/bin/understudy && chmod 755 $d/usr/local/bin/understudy && \(edit) && "
                + "systemd-analyze verify --man=no --root=$d understudy-guard@pendulum.service understudy-learner@pendulum.service 2>&1 "
                + "| grep understudy; rm -r $d; true")
    }

    @Test("systemd has nothing to say about the units, and would have if a word in them were unknown")
    func words() throws {
        let sound = try verify("true")
        #expect(sound.text.isEmpty, "\(sound.text)")
        let spoiled = try verify(
            "sed -i s/ProtectClock/ProtectClocks/ $d/usr/lib/systemd/system/understudy-guard@.service")
        #expect(spoiled.text.contains("ProtectClocks"), "\(spoiled.text)")
    }

    @Test("users, groups and folders can be made as they are written")
    func users() throws {
        let made = try run(
            "d=$(mktemp -d) && mkdir -p $d/etc && systemd-sysusers --root=$d $PWD/systemd/sysusers/understudy.conf 2>&1 && "
                + "cat $d/etc/passwd $d/etc/group && systemd-tmpfiles --root=$d --create $PWD/systemd/tmpfiles/understudy.conf 2>&1 && "
                + "stat -c '%n %a' $d/var/lib/understudy; rm -r $d; true")
        for name in ["understudy-guard:", "understudy-learner:", "understudy-operators:", "understudy-devices:"] {
            #expect(made.text.contains(name), "\(name) in \(made.text)")
        }
        let learners = made.text.split(separator: "\n").first { $0.hasPrefix("understudy-learners:") }
        #expect(learners?.hasSuffix("understudy-learner") == true)
        let operators = made.text.split(separator: "\n").first { $0.hasPrefix("understudy-operators:") }
        #expect(operators?.hasSuffix(":") == true, "nobody is an operator without a person's act")
    }
}
