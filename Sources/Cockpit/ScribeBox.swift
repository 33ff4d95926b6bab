import ControlLoop
import Episodes
import Guard
import Recordings
import Robots
import Supervision
import Synchronization
import Threads

/// What the guard's thread and the scribe's hand each other.
final class ScribeBox: Sendable {
    /// A flight that was ordered, with its recording open.
    struct Opened: ~Copyable, Sendable {
        let flight: Flight
        let path: String
        var producer: EpisodeProducer
        let recorder: Recorder
    }

    private struct State: ~Copyable {
        var reports: [SeatReport] = []
        var opened: Opened?
        var recording: String?
    }

    private let state = Mutex(State())

    func tell(_ report: SeatReport) { state.withLock { $0.reports.append(report) } }

    func takeReports() -> [SeatReport] {
        state.withLock { state in
            defer { state.reports = [] }
            return state.reports
        }
    }

    /// The file that is being written.
    var recording: String? { state.withLock { $0.recording } }

    func ended() { state.withLock { $0.recording = nil } }

    /// Opens the recording of a flight; its start is on the disk afterwards.
    func begin(_ flight: Flight, _ robot: Robot, _ settings: SeatSettings) throws(FlightTrouble) {
        guard let names = JointNames(robot.file.joints.map(\.name)) else { throw .recording("the joints' names") }
        let path = "episode-\(flight.approval.serial).mcap"
        let ring = Ring<EpisodeEntry>(capacity: 16_384)
        let recorder: Recorder
        do throws(RecordingError) {
            recorder = try Recorder(
                "\(settings.folder)/\(path)",
                layout: .episode(
                    joints: names, sensors: robot.file.sensors.map(\.name), words: .house,
                    hasBytes: settings.keepsBytes),
                from: ring.consumer,
                opening: RecordingExtras(flight, settings))
        } catch {
            throw .recording("\(error)")
        }
        let producer = EpisodeProducer(ring.producer, patience: settings.loop.patience)
        let opened = Opened(flight: flight, path: path, producer: producer, recorder: recorder)
        put(opened, path)
    }

    private func put(_ opened: consuming Opened, _ path: String) {
        var held: Opened? = consume opened
        state.withLock { state in
            state.opened = held.take()
            state.recording = path
        }
    }

    func takeOpened() -> Opened? { state.withLock { $0.opened.take() } }
}
