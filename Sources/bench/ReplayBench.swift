import Glibc
import Quantities
import Recordings
import Replay
import Robots
import Supervision

/// How much faster than the robot its recordings play: read, through the supervisor, and through the model.
enum ReplayBench {
    private static let rounds = 15
    private static let path = "Tests/ReplayTests/Golden/flight-1.mcap"

    static func run() {
        print("replay: processor time of one thread, \(rounds) rounds over \(path); medians")
        do throws(RecordingError) {
            let reader = try RecordingReader(FileSource(opening: path))
            do throws(EpisodeLogError) {
                let log = try EpisodeLog(reader, words: HouseWords.episode)
                let reading = measured {
                    do throws(EpisodeLogError) { _ = try EpisodeLog(reader, words: HouseWords.episode) } catch {
                        give(up: error)
                    }
                }
                replay(log, reading: reading)
            } catch { give(up: error) }
        } catch { give(up: error) }
    }

    private static func give(up error: any Error) -> Never { preconditionFailure("the recording: \(error)") }

    private static func measured(_ work: () -> Void) -> Spread {
        work()
        return Spread(
            (0..<rounds).map { _ in
                let before = Stopwatch.nanoseconds()
                work()
                return Double(Stopwatch.nanoseconds() - before)
            })
    }

    /// All that `replay --safety` does with a file.
    private static func judge(_ path: String, _ robot: RobotFile, _ envelope: Envelope) {
        do throws(RecordingError) {
            let reader = try RecordingReader(FileSource(opening: path))
            do throws(EpisodeLogError) {
                let log = try EpisodeLog(reader, words: HouseWords.episode)
                do throws(FlownProblem) { judge(try FlownEpisode(log), robot, envelope) } catch { give(up: error) }
            } catch { give(up: error) }
        } catch { give(up: error) }
    }

    private static func judge(_ episode: FlownEpisode, _ robot: RobotFile, _ envelope: Envelope) {
        do throws(SafetyProblem) {
            let inputs = try SafetyInputs(episode, robot, envelope)
            _ = try SafetyReplay(episode, inputs, under: envelope)
        } catch { give(up: error) }
    }

    private static func replay(_ log: EpisodeLog, reading: Spread) {
        let robot = GapRobot("pendulum").file
        let envelope = BenchFiles.envelope("pendulum")
        do throws(FlownProblem) {
            let episode = try FlownEpisode(log)
            let seconds = Double(log.ticks.count) * Double(robot.period.value)
            say("reading the recording", reading, seconds: seconds)
            do throws(SafetyProblem) {
                let inputs = try SafetyInputs(episode, robot, envelope)
                say("supervisor", measured { _ = SafetyReplay(inputs, under: envelope) }, seconds: seconds)
                say("file to verdicts", measured { judge(path, robot, envelope) }, seconds: seconds)
            } catch { give(up: error) }
            model(episode, robot)
        } catch { give(up: error) }
    }

    /// Predictions of one second from every place of the recording, as `replay --model` makes them.
    private static func model(_ episode: FlownEpisode, _ robot: RobotFile) {
        do throws(ModelProblem) {
            let model = try RollingModel(robot)
            let every = 1
            let starts = Double(episode.log.ticks.count / every)
            let time = measured {
                do throws(ModelProblem) {
                    _ = try ErrorGrowth([episode], model, period: robot.period, every: every)
                } catch { give(up: error) }
            }
            say("model, a second ahead from every tick", time, seconds: starts)
        } catch { give(up: error) }
    }

    private static func say(_ what: String, _ time: Spread, seconds: Double) {
        let factor = (seconds / (time.quantile(0.5) * 1e-9)).rounded()
        print(
            "  \(what): \(Spread([time.quantile(0.5) / 1_000, time.quantile(0.05) / 1_000, time.quantile(0.95) / 1_000]).line("µs")), \(factor) times real time"
        )
    }
}

/// Files of the folder that benches read.
enum BenchFiles {
    static func envelope(_ name: String) -> Envelope {
        do throws(FileProblems) {
            return try EnvelopeFile(parsing: GapRobot.bytes(of: "safety/envelopes/\(name).json5")).envelope
        } catch { preconditionFailure("\(name): \(error.all)") }
    }
}
