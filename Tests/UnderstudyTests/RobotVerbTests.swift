import FoundationEssentials
import Robots
import TestSupport
import Testing

@testable import understudy

@Suite("Robots on the command line")
struct RobotVerbTests {
    @Test("every robot that is shipped is explained without a finding", arguments: Pretended.robots)
    func shipped(name: String) throws {
        let outcome = try Pretended.shipped().run("explain robot \(name)")
        #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.output.hasPrefix("robot \(name), from Calibration/\(name)/robot.json5\n"))
        #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") })
    }

    @Test("what is wrong with a robot is said with places, for people and for programs, and nothing is shown as right")
    func invalid() throws {
        var pretended = try Pretended.shipped()
        let path = "Calibration/pendulum/robot.json5"
        let text = try #require(pretended.files[path])
        pretended.files[path] = text.replacing("id: 1,", with: "id: 300,")
            .replacing("= omega / 10", with: "= omga / 10").replacing("hidden:", with: "hiden:")
        let outcome = pretended.run("explain robot pendulum")
        #expect(outcome.status == .invalidConfiguration && outcome.output.isEmpty)
        #expect(Golden.difference(outcome.errors, from: "Golden/invalid-robot.txt") == nil)
        let programs = pretended.run("explain robot pendulum --json")
        #expect(programs.status == .invalidConfiguration)
        #expect(Golden.difference(programs.output, from: "Golden/invalid-robot.json") == nil)
    }

    @Test("a robot that its envelope would refuse, or whose servo nobody makes, is invalid")
    func unfit() throws {
        var pretended = try Pretended.shipped()
        let path = "Calibration/pendulum/robot.json5"
        let text = try #require(pretended.files[path])
        pretended.files[path] = text.replacing("high_nm: 0.17", with: "high_nm: 0.3")
        let outcome = pretended.run("explain robot pendulum")
        #expect(outcome.status == .invalidConfiguration)
        #expect(outcome.errors.contains("'task.action.swing.high_nm' comes to 0.3 N·m"))
        pretended.files[path] = text.replacing("xl330-m288\"", with: "xl330-m28\"")
        let product = pretended.run("explain robot pendulum")
        #expect(product.status == .invalidConfiguration && product.errors.contains("perhaps \"xl330-m288\""))
    }

    @Test("what cannot be found is named, with what there is")
    func notFound() throws {
        let pretended = try Pretended.shipped()
        let unknown = pretended.run("explain robot pendlum")
        #expect(unknown.status == .invalidConfiguration)
        #expect(unknown.errors.contains("there is no robot 'pendlum' in 'Calibration'; did you mean 'pendulum'?"))
        #expect(pretended.run("explain robot ./x.json5").errors.contains("cannot read './x.json5': No such file"))
        var without = pretended
        without.files["safety/envelopes/pendulum.json5"] = nil
        let lost = without.run("explain robot pendulum")
        #expect(lost.status == .invalidConfiguration)
        #expect(lost.errors.contains("the envelope of 'pendulum' cannot be read: 'safety/envelopes/pendulum.json5'"))
        without.files["safety/envelopes/pendulum.json5"] = "{}"
        #expect(without.run("explain robot pendulum").errors.contains("safety/envelopes/pendulum.json5:1:1: error:"))
    }

    @Test("where no folder is, the robots and envelopes of the installation are taken")
    func installed() throws {
        let shipped = try Pretended.shipped()
        var installed = Pretended()
        for (path, text) in shipped.files { installed.files["/opt/share/understudy/\(path)"] = text }
        var surroundings = installed.surroundings
        #expect(Verb.run(["explain", "robot", "pendulum"], in: surroundings).status == .invalidConfiguration)
        surroundings.share = "/opt/share/understudy"
        let outcome = Verb.run(["explain", "robot", "pendulum"], in: surroundings)
        #expect(outcome.status == .done)
        #expect(outcome.output.hasPrefix("robot pendulum, from /opt/share/understudy/Calibration/pendulum/robot.json5"))
        let trial = Verb.run(["init", "mine", "--like", "pendulum", "--dry-run"], in: surroundings)
        #expect(trial.status == .done && trial.output.hasPrefix("would write Calibration/mine/robot.json5, "))
    }

    @Test(
        "a robot made like another one is valid under its own name, and keeps every comment",
        arguments: Pretended.robots)
    func roundTrip(like: String) throws {
        var pretended = try Pretended.shipped()
        let made = Made()
        var surroundings = pretended.surroundings
        surroundings.create = {
            made.files[$0] = $1; return nil
        }
        let outcome = Verb.run(["init", "my-robot", "--like", like], in: surroundings)
        #expect(outcome.status == .done && outcome.errors.isEmpty, "\(outcome.errors)")
        let paths = ["Calibration/my-robot/robot.json5", "safety/envelopes/my-robot.json5"]
        #expect(Set(made.files.keys).isSuperset(of: paths))
        #expect(outcome.output.hasPrefix("wrote Calibration/my-robot/robot.json5\n"))
        pretended.files.merge(made.files) { $1 }
        let explained = pretended.run("explain robot my-robot")
        #expect(explained.status == .done, "\(explained.errors)")
        // The template differs from the original by the name, and by what is listed at the end.
        let original = try #require(pretended.files["Calibration/\(like)/robot.json5"])
        let copy = try #require(made.files["Calibration/my-robot/robot.json5"])
        #expect(copy.contains("robot: \"my-robot\"") && copy.contains("\n// What else this file could say; "))
        #expect(copy.contains("//   bus.port: The port by a name that stays"))
        let lines = original.split(separator: "\n"), copies = copy.split(separator: "\n")
        let changed = zip(lines, copies).filter { $0 != $1 }
        #expect(changed.allSatisfy { $1.contains("my-robot") } && !changed.isEmpty)
        let again = Verb.run(["init", "my-robot", "--like", like], in: pretended.surroundings)
        #expect(again.status == .failed && again.errors.contains("is there already, and nothing is ever overwritten"))
    }

    @Test("a name that could not be a file is refused, and so is a robot that is not there")
    func refused() throws {
        let pretended = try Pretended.shipped()
        for name in ["../x", "Arm", "", "a b"] {
            #expect(pretended.run(["init", name, "--like", "pendulum"]).status == .usage)
        }
        #expect(pretended.run("init arm").errors.contains("--like=ROBOT is missing"))
        #expect(pretended.run("init --like pendulum").errors.contains("needs a NAME for the robot"))
        #expect(pretended.run("init arm --like pendlum").errors.contains("did you mean 'pendulum'?"))
    }

    @Test("the real command writes real files, and never over others")
    func process() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "understudy-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let tree = Pretended.tree.path(percentEncoded: false)
        let from = "--robots \(tree)/Calibration --envelopes \(tree)/safety/envelopes"
        let made = folder.path(percentEncoded: false)
        let copy = "mkdir -p \(made) && cp -r \(tree)/Calibration \(tree)/safety \(made) && cd \(made)"
        let door = "\"$OLDPWD/understudy\""
        let run = try ProcessRun.shell("\(copy) && \(door) init mine --like pendulum && \(door) explain robot mine")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("wrote safety/envelopes/mine.json5\n"))
        #expect(run.output.contains("robot mine, from Calibration/mine/robot.json5\n"))
        let again = try ProcessRun.shell("cd \(made) && \(door) init mine --like pendulum")
        #expect(again.status == 1 && again.errors.contains("there already"))
        #expect(try ProcessRun.shell("./understudy explain robot pendulum \(from)").status == 0)
    }
}

/// What a command has written.
private final class Made {
    var files: [String: String] = [:]
}
