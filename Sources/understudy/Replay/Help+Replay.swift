extension Help {
    static let replay = """
        usage: understudy replay RUN... [--safety[=ENVELOPE]] [--model[=MODEL]] [--body]
                                 [--as ROBOT] [--robots DIRECTORY]
                                 [--envelopes DIRECTORY] [--html FILE] [--json]
               understudy replay --robot RUN [--slower TIMES] [--dry-run] [--as ROBOT]
                                 [--socket PATH] [--state DIRECTORY] [--json]
               understudy replay --bytes RUN... [--as ROBOT] [--robots DIRECTORY]
                                 [--envelopes DIRECTORY] [--json]
               understudy replay --view RUN [--as ROBOT] [--robots DIRECTORY]

        Plays recordings of episodes once more, without a robot. RUN is a recording
        that a guard has made; it is only read. Without --safety, --model and --body it
        does the first two.

        With --robot it moves a robot, a real or a virtual one: the recorded motion is a
        plan that its guard flies when a person has approved it. The robot goes to the
        start of its task, then slowly to where the recording begins, and then by the
        recorded places. It can be stopped like any episode; how far it is beside the
        recording is said while it moves and afterwards. Like a policy it needs a
        calibration.

        With --bytes the bytes of the bus, which recordings keep, go once more through
        the very drivers of the guard: every state has to come out as it was recorded,
        bit by bit; retries, missing answers and damage are counted. RUN may also be
        what 'understudy virtual --record' keeps, which holds no states: its bytes go
        through the parsers, and packets and damage are counted.

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
          --body               beside the virtual robot, its body and the electronics of
                               its servos: the same numbers as beside a model
          --robot              on the robot
          --slower TIMES       so many times as long as it took, from 1 to 20
          --dry-run            say what would be proposed, and propose nothing
          --socket PATH        where the guard listens, if not at its usual place
          --state DIRECTORY    where the guard keeps its ledger and recordings; without
                               it: /var/lib/understudy/ROBOT
          --as ROBOT           the robot as a NAME or FILE says, and not as the
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
          understudy replay --robot episode-7.mcap --slower 3
          understudy replay --bytes state/episode-*.mcap

        exit status: 0 played, and the verdicts are those of then; 2 not understood;
        3 a file is missing or does not fit; 4 the plan was denied or stopped; 6 no
        guard answers; 7 a recording is damaged or was cut off, a verdict differs under
        the rules of then, or a state differs from its bytes

        """

    static let calibrate = """
        usage: understudy calibrate ROBOT [--check] [--without-ends] [--without-model]
                                    [--dry-run] [--json]
                                    [--socket PATH] [--state DIRECTORY]
                                    [--robots DIRECTORY] [--envelopes DIRECTORY]
               understudy calibrate ROBOT RUN... [--model=MODEL] [--robots DIRECTORY]
                                    [--json]
               understudy calibrate ROBOT RUN... --warmth [--robots DIRECTORY]
                                    [--envelopes DIRECTORY] [--json]

        Measures a robot through its guard, and writes the record by which the guard
        lets it fly policies: DATE-SERIAL.json in the robot's folder. First, where
        joints have stops, a person takes each by hand from one end to the other, with
        the robot stopped and its motors off: what is read there shows a zero or a gear
        that is not what the robot's file says, and an encoder that begins anew within
        the way. Then a small motion of each joint, to see that it turns the right way;
        then each joint slowly and suddenly; then all together, by a motion that tells
        much about the model. Every motion is a plan that a person approves: the
        commands to type are printed. What was flown is not flown again: after an
        interruption the same command goes on. A joint that is reversed, swapped, stuck,
        sticky or late is named, and then there is no record. What is mounted the other
        way round, or in the place of another joint, agrees with itself: only what it
        carries tells, and where a mirror changes nothing, as for a lone pendulum,
        nothing does. A robot that stands on the ground, as a leg, only sways: what its
        joints would measure in their range is how its foot sticks.

        With RUN it moves nothing and changes no file: it fits the parameters of the
        robot's reduced model to recordings and prints what belongs into the robot's
        file. Parameters that have low, high and prior_sd there may change. Every
        fifth recording is held out and says how much better predictions became; of
        fewer than five every fifth part. What they cannot tell apart is named.

        With --warmth they say how the motors warm: what heats each housing, and how it
        cools, beside what the envelope counts on. Take all recordings of an hour or
        more of hard and easy work with rests between, since the computer was started.

        options
          --check              whether the last record still holds, by a few seconds of
                               motion
          --without-ends       take nothing to its ends by hand, and believe the robot's
                               file of zeros, gears and stops
          --without-model      measure the joints, and leave the model as it is
          --warmth             how the motors warm, and not how they move
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
          understudy calibrate pendulum state/episode-*.mcap --warmth

        exit status: 0 measured, fitted, or the record holds; 2 not understood; 3 a
        file is missing or does not fit, or the recordings hold too little motion or
        warmth; 4 a plan was denied or stopped, the record does not hold, or motors
        become warmer than the envelope counts on; 5 a joint is faulty; 6 no guard
        answers; 7 a recording is damaged or was cut off

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
