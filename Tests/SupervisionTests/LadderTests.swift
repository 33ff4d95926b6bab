import Quantities
import Testing

@testable import Supervision

/// Every fault that has a number.
let allFaults = (UInt8.min...UInt8.max).compactMap(Fault.init(rawValue:))
let allRules = (UInt8.min...UInt8.max).compactMap(Rule.init(rawValue:))

@Suite struct LadderTests {
    /// The ladder as a person reviewed it: number, fault, rule, rung, who clears, whether the robot parks on the way.
    static let reviewed = """
        1 positionOutside position slowStop byPersonAndVerification -
        2 overspeed speed slowStop byPersonAndVerification -
        3 overEffort effort slowStop byPersonAndVerification -
        4 stoppingDistance stopping slowStop byNewPermit parks
        5 overTemperature temperature slowStop byPersonAndVerification parks
        6 thermalForecast thermal slowStop byNewPermit parks
        7 underVoltage voltage slowStop byPersonAndVerification -
        8 overVoltage voltage limp byPersonAndVerification -
        9 overPower power slowStop byNewPermit parks
        10 overEnergy energy slowStop byNewPermit parks
        11 commandRate commandRate hold whenHealthy parks
        12 commandRateSustained commandRate slowStop byNewPermit parks
        13 staleSensor staleness limp byPersonAndVerification -
        14 lateTicks deadline hold whenHealthy parks
        15 lostTicks deadline slowStop byPersonAndVerification parks
        16 clockFault deadline limp byPersonAndVerification -
        17 sensorNotFinite finite limp byPersonAndVerification -
        18 commandNotFinite finite slowStop byNewPermit parks
        19 commandKind ladder slowStop byNewPermit parks
        20 trackingError tracking slowStop byPersonAndVerification -
        21 leftTube tube slowStop byPersonAndVerification parks
        22 tubeMissing tube slowStop byNewPermit parks
        23 encoderJump jump limp byPersonAndVerification -
        24 operatorStop ladder slowStop byNewPermit parks
        25 deadManReleased ladder hold byOperator parks
        26 emergencyStop ladder limp byPersonAndVerification -
        27 deviceFault ladder limp byPersonAndVerification -
        28 deviceLost ladder limp byPersonAndVerification -
        29 identityChanged ladder limp byPersonAndVerification -
        30 verificationFailed ladder limp byPersonAndVerification -
        31 watchdogUnproven ladder limp byPersonAndVerification -
        32 hostSilent ladder slowStop byPersonAndVerification -
        33 horizonExceeded ladder slowStop byNewPermit parks
        34 didNotStop ladder limp byPersonAndVerification -
        35 movesWhileOff ladder limp byPersonAndVerification -
        """

    @Test("the ladder is the one that was reviewed")
    func table() {
        let rows = allFaults.map { fault in
            let row = fault.row
            return "\(fault.rawValue) \(fault) \(fault.rule) \(row.rung) \(row.clearing) \(row.parks ? "parks" : "-")"
        }
        #expect(rows.joined(separator: "\n") == Self.reviewed)
    }

    @Test("exactly the rows that a person clears latch", arguments: allFaults)
    func latches(fault: Fault) { #expect(fault.row.latches == (fault.row.clearing == .byPersonAndVerification)) }

    @Test("what goes limp at once always needs a person", arguments: allFaults)
    func limp(fault: Fault) { #expect(fault.row.rung != .limp || fault.row.latches) }

    @Test("rungs and clearings are ordered from mild to strict")
    func order() {
        #expect([Rung.limp, .hold, .park, .slowStop].sorted() == [.hold, .slowStop, .park, .limp])
        let clearings = [Clearing.byNewPermit, .byPersonAndVerification, .whenHealthy, .byOperator]
        #expect(clearings.sorted() == [.whenHealthy, .byOperator, .byNewPermit, .byPersonAndVerification])
        #expect(Rung.hold.rawValue == 1 && Rung.limp.rawValue == 4)
    }

    @Test("of two faults one decides: the higher rung, then the latch, then the lower number")
    func precedence() {
        for one in allFaults {
            #expect(one.outranks(nil))
            for other in allFaults {
                func key(_ fault: Fault) -> [Int] {
                    [-Int(fault.row.rung.rawValue), fault.row.latches ? 0 : 1, Int(fault.rawValue)]
                }
                #expect(one.outranks(other) == key(one).lexicographicallyPrecedes(key(other)))
            }
        }
    }

    @Test("the worst finding stands, and the first of two alike")
    func worst() {
        var worst = Worst()
        worst.report(.overspeed, at: joint(1), when: false)
        #expect(worst.finding == nil)
        worst.report(.lateTicks, when: true)
        #expect(worst.finding == Finding(fault: .lateTicks, joint: nil))
        worst.report(.overspeed, at: joint(2), when: true)
        worst.report(.overspeed, at: joint(3), when: true)
        worst.report(.commandRate, at: joint(4), when: true)
        #expect(worst.finding == Finding(fault: .overspeed, joint: joint(2)))
    }

    @Test("faults and rules are numbered without a gap")
    func numbers() {
        #expect(allFaults.map(\.rawValue) == Array(1...35))
        #expect(allRules.map(\.rawValue) == Array(0...19))
    }
}
