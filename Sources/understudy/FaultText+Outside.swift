// The faults 24 to 35: what people, devices and the ladder itself bring.

extension FaultText {
    static let operatorStop = FaultText(
        title: "stopped by a person",
        cause: "A person asked for a stop.",
        remedy: """
            Do what you stopped it for; after that a plan that is approved anew may fly, and `understudy resume` lets fly \
            what was allowed before.
            """)

    static let deadManReleased = FaultText(
        title: "dead-man switch released",
        cause: "The dead-man switch was let go, was unplugged or went silent.",
        remedy: """
            Hold the switch again and run `understudy resume` while the robot still holds; later than that it takes a \
            newly approved plan.
            """)

    static let emergencyStop = FaultText(
        title: "emergency stop",
        cause: "The emergency stop was pressed or its line is broken.",
        remedy: """
            Make the place safe, release the button, look for a broken line if nobody pressed it, then clear the \
            fault.
            """)

    static let deviceFault = FaultText(
        title: "actuator reports a fault",
        cause: "An actuator reported an error of its own.",
        remedy: """
            Read the error bits of that actuator in the recording, remove their cause, restart the actuator, then \
            clear the fault.
            """)

    static let deviceLost = FaultText(
        title: "actuator does not answer",
        cause: "An actuator or its bus stopped answering.",
        remedy: """
            Check the power, then the cable, then the ids with `understudy scan`, and clear the fault when every \
            actuator answers.
            """)

    static let identityChanged = FaultText(
        title: "another device answers",
        cause: "A device answered that is not the one that was verified.",
        remedy: """
            Put the verified device back, or enter the new one in the robot folder, then clear the fault and repeat \
            `understudy calibrate` for a new one.
            """)

    static let verificationFailed = FaultText(
        title: "check before motion failed",
        cause: "A check before motion did not pass.",
        remedy: """
            Read in `understudy status` which check it was, do what it says, then clear the fault so that every check \
            runs again.
            """)

    static let watchdogUnproven = FaultText(
        title: "watchdog of a device not proven",
        cause: "The watchdog of a device is not armed, or did not stop the joint when it was tried.",
        remedy: """
            Check firmware and watchdog of that device with `understudy doctor`, put a bridge board or a power relay \
            before a device that has none, then clear the fault.
            """)

    static let hostSilent = FaultText(
        title: "host silent",
        cause: "The board got no commands from the host for longer than it waits.",
        remedy: "Find out why the host stopped or which cable failed, and clear the fault when the host runs again.")

    static let horizonExceeded = FaultText(
        title: "episode too long",
        cause: "The episode ran past its approved length.",
        remedy: "Propose a plan whose horizon covers the task, or find in the recording why the task never ended.")

    static let didNotStop = FaultText(
        title: "robot did not come to rest",
        cause: "The robot still moved when the time of a slow stop was over.",
        remedy: """
            Keep away and cut the power if it still moves, correct the load or the stopping deceleration in the \
            envelope, then clear the fault.
            """)

    static let movesWhileOff = FaultText(
        title: "robot moves with every output off",
        cause: "The robot moved although every output was off.",
        remedy: "Cut the power at the supply, find what moved it, and clear the fault when it rests without power.")
}
