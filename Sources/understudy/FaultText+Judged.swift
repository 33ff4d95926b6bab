// The faults 1 to 23: what the supervisor finds when it judges a tick.

extension FaultText {
    static let positionOutside = FaultText(
        title: "joint outside its position limits",
        cause: "A joint was measured outside the position limits of the envelope.",
        remedy: """
            With the power off move the joint back inside by hand, find what pushed it or moved its zero, then clear \
            the fault and repeat `understudy calibrate` if the zero is in doubt.
            """)

    static let overspeed = FaultText(
        title: "joint too fast",
        cause: "A joint was measured moving faster than the speed limit of the envelope.",
        remedy: """
            Check that joint for a slipping gear, a lost load or a wrong speed scale, then clear the fault and let \
            the next plan ask for less speed.
            """)

    static let overEffort = FaultText(
        title: "joint effort too high",
        cause: "A joint was measured giving more effort than the envelope allows.",
        remedy: """
            Free whatever the joint pushes against, check that its load is the one it was calibrated with, then clear \
            the fault.
            """)

    static let stoppingDistance = FaultText(
        title: "too fast to stop before a limit",
        cause: """
            A joint moved towards a position limit so fast that its stopping deceleration could no longer stop it in \
            time.
            """,
        remedy: """
            Propose a plan that slows down earlier, or measure the joint and correct the stopping deceleration in the \
            envelope.
            """)

    static let overTemperature = FaultText(
        title: "motor or drive too hot",
        cause: "A temperature sensor read more than the envelope allows.",
        remedy: """
            Let the joint cool with the power off, find what it was pushing against, and clear the fault when \
            `understudy status` shows it below the limit.
            """)

    static let thermalForecast = FaultText(
        title: "motor about to get too hot",
        cause: "At its present load a motor would reach its temperature limit sooner than the envelope demands.",
        remedy: "Let the motor cool, then propose a plan with less load or a longer pause between episodes.")

    static let underVoltage = FaultText(
        title: "supply voltage too low",
        cause: "The supply of a joint fell below the voltage range of the envelope.",
        remedy: """
            Measure the supply at the last joint while the robot holds a load, replace the battery or the wiring that \
            drops it, then clear the fault.
            """)

    static let overVoltage = FaultText(
        title: "supply voltage too high",
        cause: "The supply of a joint rose above the voltage range of the envelope.",
        remedy: """
            Disconnect the supply, check that it is the one for these actuators and that braking energy has somewhere \
            to go, then clear the fault.
            """)

    static let overPower = FaultText(
        title: "robot gives too much power",
        cause: "All joints together gave more mechanical power than the envelope allows.",
        remedy: """
            Propose a plan that does not accelerate every joint at the same moment, or have the power limit of the \
            envelope reviewed.
            """)

    static let overEnergy = FaultText(
        title: "too much energy in a short time",
        cause: "All joints together gave more mechanical energy over the last moments than the envelope allows.",
        remedy: """
            Look in the recording for a swing that grows from one period to the next, and propose a plan with smaller \
            or slower motion.
            """)

    static let commandRate = FaultText(
        title: "commands jump in one tick",
        cause: "The commands of one tick changed more than the envelope allows.",
        remedy: """
            Do nothing if the episode went on; if it comes back, propose a plan whose policy has less noise or \
            smoother actions.
            """)

    static let commandRateSustained = FaultText(
        title: "commands keep changing too fast",
        cause: "The commands of the last moments, counted in real time, changed more than the envelope allows.",
        remedy: """
            Propose a plan whose policy chatters less: less action noise, a filter on the action, or a reward that \
            punishes change.
            """)

    static let staleSensor = FaultText(
        title: "sensor silent",
        cause: "A sensor gave no new reading for longer than the envelope allows.",
        remedy: """
            Check the cable and the supply of that joint, run `understudy doctor` to see which replies are missing or \
            late, then clear the fault.
            """)

    static let lateTicks = FaultText(
        title: "control loop late",
        cause: "A few control ticks in a row came late.",
        remedy: """
            Do nothing if the episode went on; if it comes back, run `understudy doctor` and stop the programs that \
            take the processor.
            """)

    static let lostTicks = FaultText(
        title: "control loop lost its time",
        cause: "Many control ticks in a row came late.",
        remedy: """
            Find what took the processor or blocked the bus, correct what `understudy doctor` names, then clear the \
            fault.
            """)

    static let clockFault = FaultText(
        title: "clock of the control loop wrong",
        cause: "The time between two control ticks was zero, negative or not a number.",
        remedy: """
            Keep the recording, find out whether the machine was suspended, migrated or lost its clock source, then \
            clear the fault.
            """)

    static let sensorNotFinite = FaultText(
        title: "sensor reading is not a number",
        cause: "A sensor reading was infinite or not a number.",
        remedy: """
            Find the joint in the recording, check its scale in the robot folder and the firmware of its device, then \
            clear the fault.
            """)

    static let commandNotFinite = FaultText(
        title: "command is not a number",
        cause: "A command was infinite or not a number.",
        remedy: """
            Go back to the learner's last checkpoint with finite weights and propose a new plan; the robot itself is \
            well.
            """)

    static let commandKind = FaultText(
        title: "command of the wrong kind",
        cause: "A command was of another kind than its joint's drive takes, such as a position for a torque drive.",
        remedy: """
            Make the action of the task and the drive of the joint agree in the robot folder, then propose the plan \
            again.
            """)

    static let trackingError = FaultText(
        title: "joint does not follow",
        cause: "A joint was further from where it was sent than the envelope allows.",
        remedy: """
            With the power off turn the joint by hand to feel for an obstacle, a jam or a slipping gear, remove it, \
            then clear the fault.
            """)

    static let leftTube = FaultText(
        title: "motion left the approved band",
        cause: "A joint left the band of motion that was approved with this episode.",
        remedy: """
            Compare recording and model with `understudy replay`, and clear the fault when you know why the robot \
            moved otherwise than predicted.
            """)

    static let tubeMissing = FaultText(
        title: "approved band missing",
        cause: "The permit promised a band of approved motion and a tick brought none.",
        remedy: """
            Propose the plan again with a band for every tick of its horizon, and report a defect if the band was \
            complete when it was approved.
            """)

    static let encoderJump = FaultText(
        title: "position jumped",
        cause: "The position of a joint changed by more than the joint can move in that time.",
        remedy: """
            Check the encoder, its cable and its gear, then clear the fault and repeat `understudy calibrate`, \
            because the zero may have moved.
            """)
}
