extension Help {
    static let report = """
        usage: understudy report FOLDER [--html FILE] [--tensorboard FOLDER] [--json]

        Tells a robot's way from its first policy to its last: what a tick was worth by
        real episodes and by minutes of motion, what each episode was bought for, what
        the model did for the gradient, how well it predicts, which episodes were
        stopped, what the robot did before and does now. FOLDER is where a learner
        keeps its course.jsonl; or name that file. It only reads. A log that a learner
        is still writing is told as far as it goes.

        options
          --html FILE  a page with plots, in one file that must not be there yet; it
                       needs nothing beside it, in the light and in the dark
          --tensorboard FOLDER
                       the curves as an event file in this folder, over real episodes,
                       or over the time that the robot moved; not there yet, either
          --json       the same for programs, as JSON
          --help       show this

        examples
          understudy report /var/lib/understudy/learner/pendulum --html report.html

        exit status: 0 told; 2 not understood; 3 there is no such log; 7 the log is
        damaged

        """
}
