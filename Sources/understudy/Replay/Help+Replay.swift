extension Help {
    static let replay = """
        usage: understudy replay RUN... [--safety[=ENVELOPE]] [--model[=MODEL]]
                                 [--robot ROBOT] [--robots DIRECTORY]
                                 [--envelopes DIRECTORY] [--html FILE] [--json]
               understudy replay --bytes RUN... [--json]
               understudy replay --view RUN [--robot ROBOT] [--robots DIRECTORY]

        Plays recordings of episodes once more, without a robot. RUN is a recording
        that a guard has made; it is only read. Without --safety and --model it does
        both.

        With --bytes RUN is what 'understudy virtual --record' keeps: its bytes go once
        more through the drivers' parsers, and packets and damage are counted.

        With --view the motion is drawn, on a terminal as quickly as it was, and at the
        end in a strip of pictures.

        options
          --safety             through today's supervisor. Under the rules that the
                               episode was approved for every verdict has to come out
                               as it was recorded, bit by bit
          --safety=ENVELOPE    through today's supervisor under another envelope, a NAME
                               or a FILE: what it would have clamped or stopped, when,
                               and by which rule
          --model[=MODEL]      through a reduced model of the robot, the first of its
                               file or the one of this name: how far it is from the
                               robot after so many seconds, and how much of what the
                               robot got the model knows (the fidelity: what a learner
                               gains by rehearsing in it)
          --robot ROBOT        the robot as a NAME or FILE says, and not as the
                               recording does
          --robots DIRECTORY   where a NAME of a robot is; without it: Calibration
          --envelopes DIRECTORY
                               where a NAME of an envelope is; without it:
                               safety/envelopes
          --html FILE          a page with plots, in one file that must not be there yet
          --json               the same for programs, as JSON
          --help               show this

        examples
          understudy replay episode-7.mcap --safety=safety/envelopes/strict.json5
          understudy replay state/episode-*.mcap --model --html run.html

        exit status: 0 played, and the verdicts are those of then; 2 not understood;
        3 a file is missing or does not fit; 7 a recording is damaged or was cut off, or
        a verdict differs under the rules of then

        """

    static let calibrate = """
        usage: understudy calibrate ROBOT [--check | --without-model] [--dry-run]
                                    [--socket PATH] [--state DIRECTORY] [--json]
                                    [--robots DIRECTORY] [--envelopes DIRECTORY]
               understudy calibrate ROBOT RUN... [--model=MODEL] [--robots DIRECTORY]
                                    [--json]

        Measures a robot through its guard, and writes the record by which the guard
        lets it fly policies: DATE-SERIAL.json in the robot's folder. First a small
        motion of each joint, to see that it turns the right way; then each joint
        slowly and suddenly; then all together, by a motion that tells much about the
        model. Every motion is a plan that a person approves: the commands to type are
        printed. What was flown is not flown again: after an interruption the same
        command goes on. A joint that is reversed, swapped, stuck, sticky or late is
        named, and then there is no record.

        With RUN it moves nothing and changes no file: it fits the parameters of the
        robot's reduced model to recordings and prints what belongs into the robot's
        file. Parameters that have low, high and prior_sd there may change. Every
        fifth recording is held out and says how much better predictions became; of
        fewer than five every fifth part. What they cannot tell apart is named.

        options
          --check              whether the last record still holds, by a few seconds of
                               motion
          --without-model      measure the joints, and leave the model as it is
          --dry-run            say what would be proposed, and propose nothing
          --socket PATH        where the guard listens, if not at its usual place
          --state DIRECTORY    where the guard keeps its ledger and recordings; without
                               it: /var/lib/understudy/ROBOT
          --model=MODEL        the model of this name; without it the first of the file
          --robots DIRECTORY   where a NAME of a robot is; without it: Calibration
          --envelopes DIRECTORY
                               where a NAME of an envelope is; without it:
                               safety/envelopes
          --json               the same for programs, as JSON
          --help               show this

        examples
          understudy calibrate pendulum
          understudy calibrate pendulum --check
          understudy calibrate pendulum state/episode-*.mcap

        exit status: 0 measured, fitted, or the record holds; 2 not understood; 3 a
        file is missing or does not fit, or the recordings hold too little motion; 4 a
        plan was denied or stopped, or the record does not hold; 5 a joint is faulty;
        6 no guard answers; 7 a recording is damaged or was cut off

        """

    static let export = """
        usage: understudy export RUN [--form csv|flat]

        Writes the ticks of a recording to standard output, one a line.

        options
          --form csv   all that was recorded, a column for each number and joint; the
                       times are those of host and device in nanoseconds
          --form flat  what learning tools expect: episode_index, frame_index,
                       timestamp, observation.state.*, action.*, next.reward where the
                       task can be computed, next.done. 'timestamp' is the measured time
                       since the episode's first tick, not a multiple of the period
          --help       show this

        Without --form it is csv. A number that was not measured is empty.

        examples
          understudy export episode-7.mcap > episode-7.csv
          understudy export episode-7.mcap --form flat > episode-7.flat.csv

        exit status: 0 written; 2 not understood; 3 a file is missing or does not fit;
        7 the recording is damaged or was cut off

        """
}
