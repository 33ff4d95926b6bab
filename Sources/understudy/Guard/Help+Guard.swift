// The help of the guard and of those who talk to it.
extension Help {
    static let `guard` = """
        usage: understudy guard ROBOT [--port PORT] [--state DIRECTORY] [--socket PATH]
                                [--metrics-socket PATH] [--rules DIRECTORY]
                                [--learners GROUP] [--operators GROUP]
                                [--robots DIRECTORY] [--envelopes DIRECTORY]
                                [--without-bytes] [--dry-run]

        Owns the robot: the only process that opens its devices. Looks at them, watches
        the robot, and moves it only for a plan that was proposed, approved by somebody
        else, and paid for. Every episode is recorded, everything is in the ledger, and
        ending this (Ctrl-C, SIGTERM) stops the robot by the ladder and reads it back.

        options
          --port PORT          where the robot is; without it: bus.port of its file
          --state DIRECTORY    ledger and recordings; /var/lib/understudy/ROBOT
          --socket PATH        where it listens; /run/understudy/ROBOT/guard.sock
          --metrics-socket PATH  where OpenMetrics are scraped by HTTP; off by default
          --rules DIRECTORY    standing approval rules; safety/approval
          --learners GROUP     whose members may propose; understudy-learners
          --operators GROUP    whose members may approve; understudy-operators
          --robots DIRECTORY   where ROBOT/robot.json5 is; Calibration
          --envelopes DIRECTORY  where its envelope is; safety/envelopes
          --without-bytes      recordings keep states and commands, and not the bytes of
                               the bus, by which 'replay --bytes' proves its drivers
          --dry-run            say what would be guarded, and open nothing
          --help               show this

        Whoever can connect may look and stop; root has no other right by being root.
        Without a record of its calibration in its folder a robot is not moved; one that
        says that none is needed counts only behind 'lockstep:SOCKET'.

        exit status: 0 ended and read back as off, 2 not understood, 3 a file is missing
        or invalid, 5 a device, 1 the socket or the ledger is taken

        """

    static let approve = """
        usage: understudy approve ROBOT [HASH] [--batch EPISODES [--distance NATS]]
                                  [--why TEXT] [--socket PATH] [--json]
               understudy approve ROBOT --rule FILE [--why TEXT] [--socket PATH]
                                  [--json]

        Without a HASH it shows the dossier of the plan that waits longest, and approves
        nothing. With one, of at least 8 digits, it shows and approves just that plan.
        A rule is shown; with --why, whoever its file names answers for exactly that
        file, and what fulfils it flies without a person until it ends.

        options
          --batch EPISODES  so many episodes, this one included: the others as soon as
                            the guard measures their policies near this one; needs --why
          --distance NATS   how near; without it 0.1
          --rule FILE       a file of the guard's folder of rules, safety/approval
          --why TEXT        goes into the ledger
          --socket PATH     where the guard listens
          --json            the guard's answer, as JSON
          --help            show this

        exit status: 0 approved or nothing waits, 2 not understood, 4 not approved,
        6 no guard answers

        """

    static let deny = """
        usage: understudy deny ROBOT HASH --why TEXT [--socket PATH] [--json]
               understudy deny ROBOT --ground NUMBER --why TEXT [--socket PATH]
                               [--json]

        Refuses a plan for ever. The reason goes into the ledger and to the learner.
        With --ground it ends a batch or a standing rule: 'status' tells their numbers.

        exit status: 0 denied, 2 not understood, 4 refused, 6 no guard answers

        """

    static let grant = """
        usage: understudy grant ROBOT [--time SECONDS] [--wear PPM] [--heat JOULES]
                                [--attention SECONDS] --why TEXT [--socket PATH]
                                [--json]

        Adds to what a robot may spend, in four currencies that cannot be changed into
        each other; numbers below zero take away. Only operators may.

        exit status: 0 granted, 2 not understood, 4 refused, 6 no guard answers

        """

    static let stop = """
        usage: understudy stop ROBOT [--why TEXT] [--socket PATH] [--json]
                               [--without-guard] [--port PORT] [--state DIRECTORY]
                               [--robots DIRECTORY] [--envelopes DIRECTORY]

        Stops the robot by the stop ladder; anybody may. Also where it rests: what was
        allowed before, plans, batches and rules, does not fly until an operator types
        'resume', or approves anew. When no guard answers, a guard that lives is asked
        to end, which stops the robot; then the robot itself is told to switch every
        motor off, and that is read back.

        options
          --why TEXT       goes into the ledger
          --without-guard  do not ask the guard: straight to the robot
          --port PORT      where the robot is; without it: bus.port of its file
          --help           show this, with the others as for 'guard'

        exit status: 0 ordered, or read back as off, 2 not understood, 3 a file, 5 the
        robot could not be reached or read back: cut its supply

        """

    static let resume = """
        usage: understudy resume ROBOT [--clear FAULT] [--why TEXT] [--socket PATH]
                                 [--json]

        Lets an episode that was held go on, or looks at the robot anew and shows every
        check. After a person's stop it lets fly what was allowed before: look that
        nobody is in reach. Moves nothing that was not approved.

        options
          --clear FAULT  take back a latched fault, by its number; needs --why
          --why TEXT     goes into the ledger
          --help         show this

        exit status: 0 the robot is verified, 2 not understood, 4 a check fails or the
        fault is still there, 6 no guard answers

        """

    static let status = """
        usage: understudy status ROBOT [--socket PATH] [--json | --metrics]

        Where the robot stands, how its joints are, and what its plans wait for. With
        --metrics what is counted, as OpenMetrics text, for a collector of text files.

        exit status: 0 shown, 2 not understood, 6 no guard answers

        """

    static let watch = """
        usage: understudy watch ROBOT [--period MILLISECONDS] [--socket PATH] [--json]

        A line for everything that changes, until Ctrl-C; with --period also how the
        joints are, that often. On a terminal it draws where each joint is between its
        limits, and where it has been lately.

        exit status: 0 ended, 2 not understood, 6 no guard answers, or it has ended

        """
}
