import Actuators
import Ports

// What is behind a slow or failing bus, in words: what, why it matters, what to do.

extension BusCause {
    /// What was found, with its numbers.
    var text: String {
        switch self {
        case .wrongRate(let rate, let damaged):
            "\(damaged) packets arrived at \(rate.map { "\($0)" } ?? "this line") and none was intact"
        case .echo(let count, let all): "the adapter repeats what it sends: \(count) of \(all) requests came back"
        case .latencyTimer(let timer, let wait):
            "half of all answers waited \(wait.text) in the adapter"
                + (timer.map { "; its timer is set to \($0.text)" } ?? "; it behaves like a timer of 16 ms")
        case .returnDelay(let delay, let wait):
            "servos wait \(delay.text) before they answer; half of all answers took \(wait.text) to begin"
        case .sharedNumber(let id, let failures, let unexpected, let all):
            "number \(id) is answered by more than one servo: of \(all) answers \(failures) were damaged, "
                + "\(unexpected) came twice"
        case .flakyWire(let id, let failures, let all):
            "servo \(id) and those behind it failed, \(failures) of \(all) times; those before it did not"
        case .lateAnswers(let bytes, let packets, let timeOuts):
            "answers came after they were given up: \(bytes) bytes and \(packets) packets, \(timeOuts) time-outs"
        case .slowHost(let median, let worst, let answers):
            "of \(answers) answers half began after \(median.text), and some only after \(worst.text)"
        }
    }

    var reason: String {
        switch self {
        case .wrongRate: "devices at another rate cannot be understood"
        case .echo: "it works, and costs the time of every request once more"
        case .latencyTimer: "every answer is that much late, and a control loop has to wait for it"
        case .returnDelay: "with every servo that is asked, each tick becomes longer by that"
        case .sharedNumber: "both would follow what one of them is told"
        case .flakyWire: "a plug or a wire that gives way while the robot moves stops it"
        case .lateAnswers: "an answer to an old question must not be taken for one to a new question"
        case .slowHost: "this machine wakes up late, and so would the control loop"
        }
    }

    var nextStep: String {
        switch self {
        case .wrongRate: "scan with --baud all"
        case .echo: "switch the adapter's echo off, where it has a switch"
        case .latencyTimer: "run 'understudy doctor': it has the commands"
        case .returnDelay: "write 0 to the register returnDelay of each servo"
        case .sharedNumber(let id, _, _, _): "leave one servo with number \(id) plugged in and give it another: set-id"
        case .flakyWire(let id, _, _): "reseat or replace the cable in front of servo \(id)"
        case .lateAnswers: "look at the adapter's latency and at this machine's wake-ups: understudy doctor"
        case .slowHost: "run 'understudy doctor' and mend what it says of scheduling"
        }
    }

    /// For programs; it does not change with the words.
    var name: String {
        switch self {
        case .wrongRate: "wrong-rate"
        case .echo: "echo"
        case .latencyTimer: "latency-timer"
        case .returnDelay: "return-delay"
        case .sharedNumber: "shared-number"
        case .flakyWire: "flaky-wire"
        case .lateAnswers: "late-answers"
        case .slowHost: "slow-host"
        }
    }

    var json: JSONText {
        .object([
            ("cause", .text(name)), ("found", .text(text)), ("reason", .text(reason)), ("next", .text(nextStep)),
        ])
    }
}
