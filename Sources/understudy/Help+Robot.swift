extension Help {
    static let initialise = """
        usage: understudy init NAME --like ROBOT [--robots DIRECTORY]
                               [--envelopes DIRECTORY] [--dry-run]

        Makes the folder of a robot of your own from one that is there: its robot.json5
        with all comments, its virtual body, and its envelope. At the end of robot.json5
        stands what else could be said. Nothing that exists is ever overwritten.

        options
          --like ROBOT          the robot to begin from, such as pendulum, or one of
                                your own
          --robots DIRECTORY    where the folder goes; without it: Calibration
          --envelopes DIRECTORY where the envelope goes; without it: safety/envelopes
          --dry-run             say which files would be written, and write none
          --help                show this

        examples
          understudy init cartwheel --like pendulum --dry-run
          understudy init cartwheel --like pendulum
          understudy explain robot cartwheel

        exit status: 0 written, 1 something is there already or cannot be written,
        2 not understood, 3 the robot to begin from is missing or invalid

        """
}
