/// The help texts, written by hand. A line has at most 80 characters.
enum Help {
    static let version = "0.1.0"

    static func text(_ verb: VerbName?) -> String {
        switch verb {
        case nil: all
        case .explain: explain
        case .`init`: initialise
        case .doctor: doctor
        case .scan: scan
        case .servo: servo
        case .board: board
        case .virtual: virtual
        case .recording: recording
        case .replay: replay
        case .export: export
        case .calibrate: calibrate
        case .report: report
        case .verify: verify
        case .budget: budget
        case .`guard`: `guard`
        case .learn: learn
        case .approve: approve
        case .deny: deny
        case .grant: grant
        case .stop: stop
        case .resume: resume
        case .status: status
        case .watch: watch
        }
    }

    private static let all = """
        understudy: a controller with which a robot learns its task on its own hardware

        usage: understudy VERB [OPTION...] [ARGUMENT...]

        verbs
          explain   say what the supervisor knows: modes, stop ladder, faults, rules;
                    check envelopes and robots and say what they come to
          init      make the folder of a robot of your own, from one that is there
          doctor    say what this machine offers to a robot controller, and how to
                    mend what is missing
          scan      list the serial ports, or look for servos at one of them
          servo     read and set one servo: registers, number, rate, a new start
          board     ask a board of ours, try it, or give it another program
          virtual   pretend to be a bus of servos, with or without faults
          recording say what a recording holds, check it, save a damaged one
          replay    play recordings through today's supervisor and through a model
          export    write the ticks of a recording as a table
          calibrate measure a robot, and fit its model to what it does
          report    tell how a robot learnt, with plots
          verify    prove that a ledger and its recordings are as they were written
          budget    what was granted, what episodes cost, what is left
          guard     own a robot: run approved episodes, record them, stop it
          learn     propose episodes to a guard, and learn from what they were
          approve   show the plan that waits, or approve exactly one
          deny      refuse a plan for ever
          grant     add to a robot's budget, or take away
          stop      stop a robot, whether or not its guard answers
          resume    look at a robot anew, or take a latched fault back
          status    where a robot and its plans stand
          watch     a line for everything that changes

        options
          --help    show this, or the help of a verb: understudy explain --help
          --version show the version

        Results go to standard output, errors to standard error. With the variable
        NO_COLOR set, or when the output is not a terminal, there are no colours.
        'understudy explain exit-status' says what the exit status means.

        Nothing moves without a person: 'guard' moves a robot only for a plan that was
        approved, and 'servo' writes to a motor only with --may-move.

        """

    private static let explain = """
        usage: understudy explain [TOPIC] [--json]

        Says what the supervisor knows and does. Reads; changes nothing.

        topics
          (none)             the list of topics
          modes              where the guard can stand, and what leads on
          ladder             the stop ladder: what each fault does and who clears it
          fault NUMBER|NAME  one fault: cause, remedy, what it does
          rules              what the supervisor can object to
          envelope FILE|NAME check an envelope and say its limits in plain words
          robot FILE|NAME    check a robot folder and say in plain words what it does
          robot              every key of a robot file, as a Markdown document
          KEY                a key of a file: meaning, unit, range
          reference          every key of all files, as a Markdown document
          exit-status        what the exit status of a command means

        options
          --json                the same for programs, as JSON
          --envelopes DIRECTORY where envelope NAME looks for NAME.json5;
                                without it: safety/envelopes
          --robots DIRECTORY    where robot NAME looks for NAME/robot.json5;
                                without it: Calibration
          --help                show this

        Where those two folders are not there, the ones of the installation are used.
        A FILE has a '/' in it or ends in '.json5'; anything else is a NAME.

        examples
          understudy explain fault 13
          understudy explain fault staleSensor
          understudy explain envelope pendulum
          understudy explain robot pendulum
          understudy explain task.horizon_s

        exit status: 0 shown, 2 not understood, 3 the file is missing or invalid, or the
        robot does not fit its envelope

        """

    private static let doctor = """
        usage: understudy doctor [--strict] [--json] [--state DIRECTORY]
                                 [--envelopes DIRECTORY] [--dead-man SWITCH]
                                 [--port PORT [--family FAMILY] [--baud RATE,...|all]
                                 [--ids RANGE] [--patience MILLISECONDS]]
               understudy doctor ROBOT [--robots DIRECTORY] [--envelopes DIRECTORY]
                                 [--port PORT] [--patience MILLISECONDS]
                                 [--dead-man SWITCH] [--strict] [--json]
                                 [--state DIRECTORY]

        Looks at this machine with the eyes of a robot controller: real-time
        scheduling, memory, clock, cores, disk, serial devices, envelopes. Each finding
        says what was found, why it matters and the command that mends it.

        With ROBOT, a name in Calibration or the path of a robot.json5, it looks at that
        robot as well: whether its files are valid and fit each other; whether its port
        is there, may be used and is quick; whether every joint has the servo that the
        file names, at its number, well fed, cool, without alarms and in the mode of its
        drive; whether a watchdog can be armed. All that differs is listed at once.

        With --port alone it looks at the servos there, whoever's they are: who answers,
        alarms, settings that cost time or are not safe, whether they stop when their
        host falls silent, and what is behind slow or damaged answers.

        With a ROBOT it reads its folder and looks at the servos that the folder names:
        whether all of them are there, are what they should be, and are well.

        With --dead-man it listens to a foot pedal or a button that a person holds down
        while the robot may move: hold it, and see that it is seen.

        It changes nothing, and nothing moves: servos get pings and reads only. For a
        fifth of a second a thread of its own asks for real-time scheduling, sleeps and
        gives it back, and some memory is locked and released.

        options
          ROBOT                 the name of its folder, or its file
          --robots DIRECTORY    where the folders of robots are; without it: Calibration
          --strict              warnings fail too
          --json                the same for programs, as JSON
          --state DIRECTORY     where recordings and the ledger will be;
                                without it: /var/lib/understudy
          --robots DIRECTORY    where ROBOT is; without it: Calibration
          --envelopes DIRECTORY where the envelopes are;
                                without it: safety/envelopes
          --port PORT           where to look, as for 'understudy scan'; with ROBOT:
                                instead of the port in its file
          --family, --baud, --ids
                                what to look for, as for 'understudy scan'; a ROBOT's
                                file says that
          --patience MILLISECONDS
                                how late answers may come, as for 'understudy scan'
          --dead-man SWITCH     usb:VENDOR:PRODUCT[:SERIAL]@BYTE.BIT: which device, and
                                which bit of its report is set while it is held
          --help                show this

        examples
          understudy doctor
          understudy doctor pendulum --port /dev/pts/4 --dead-man usb:1209:0002@1.2

        exit status: 0 nothing fails (with --strict: nor warns), 2 not understood,
        3 a file is missing or invalid, 5 a device or its port fails, 1 only the machine
        does

        """
}
