// The help of the verb that learns.
extension Help {
    static let learn = """
        usage: understudy learn ROBOT [--run FOLDER] [--episodes NUMBER]
                                [--method METHOD] [--seed NUMBER] [--dry-run]
                                [--from FILE]...
                                [--steps adam|natural] [--reuse STEPS] [--models NUMBER]
                                [--tensorboard FOLDER] [--guards NUMBER] [--socket PATH]
                                [--recordings DIRECTORY] [--robots DIRECTORY]
                                [--envelopes DIRECTORY] [--json]

        Learns the task of a robot. Proposes one episode after the other to the robot's
        guard, each with a dossier of what the model expects; waits until somebody has
        approved it and it was flown; reads the recording; and learns. It opens no
        device and approves nothing.

        It may be ended or killed at any moment: the same command goes on where it was,
        with the same bits, and no episode is lost, repeated or counted twice. A plan
        that was lost with its guard, or did not begin, is proposed once more, and the
        third time it comes to nothing the run stops. A plan that was denied stops it at
        once. When the robot's file, its envelope or its calibration is another one than
        when the run began, it does not go on.

        Several processes, on one machine or on many, share what is rehearsed when they
        are started together: mpirun -n 4 understudy learn ROBOT. The first of them
        speaks with the guard and keeps the run. What is learnt has the same bits,
        however many they are, and may go on with more or fewer.

        With --guards several robots of a kind fly the episodes at the same time, one
        beside each of the first processes. Each has its own guard, approvals, account
        and calibration; their recordings come to the first. What is learnt is good for
        their mean. How many they are is fixed when a run begins. One that is denied,
        gone or refused ends the run, which names it and may go on.

        options
          --run FOLDER            where the run is kept; without it:
                                  /var/lib/understudy-learner/ROBOT/run
          --episodes NUMBER       buy at most so many; without it: as before, or what
                                  the robot's file allows
          --method METHOD         rehearse: improve the policy inside the model, check it
                                  on the robot, then go on without bias; unbiased: real
                                  episodes with pairs in the model; real: real episodes
                                  alone; released: as others have published it
          --seed NUMBER           another run of the same kind; without it: 1
          --dry-run               propose nothing: show the first dossier, and how a run
                                  would go if the model were the robot; keeps nothing but
                                  curves, where --tensorboard asks for them
          --from FILE             begin a new run with a policy (as runs leave it, or an
                                  .npz of NumPy), or like recorded policies: .mcap files,
                                  each with a --from of its own
          --steps adam|natural    what a step of the gradient is measured by: each number's
                                  own derivatives, as usual, or the policy's change
          --reuse STEPS           use the real episodes of so many earlier steps again, as
                                  far as the policy would have flown them; no longer
                                  without bias; not with released; without it: 0
          --models NUMBER         so many models correct the gradient together: the one
                                  that is believed and others that may be; with rehearse
                                  and unbiased only; without it: 1
          --tensorboard FOLDER    leave the curves there for TensorBoard while they grow
          --guards NUMBER         so many robots; without it: as before, or 1
          --socket PATH           the guard's; without it: /run/understudy/ROBOT/guard.sock
          --recordings DIRECTORY  where the guard keeps recordings;
                                  without it: /var/lib/understudy/ROBOT
          --robots DIRECTORY      where ROBOT is; without it: Calibration
          --envelopes DIRECTORY   where the envelopes are; without it: safety/envelopes
          --json                  a line of JSON for every episode and every decision
          --help                  show this

        The folder has 'checkpoint', 'course.jsonl' for 'understudy report' and, at the
        end, 'policy'.

        examples
          understudy learn pendulum --episodes 60
          understudy learn pendulum --dry-run
          mpirun -n 3 -H here,far,farther understudy learn pendulum
          mpirun -n 2 -H here,far understudy learn pendulum --guards 2

        exit status: 0 over, or ended and ready to go on; 2 not understood, 3 a file is
        missing, invalid or has changed, 4 denied or refused, 6 no guard answers,
        7 a recording or the checkpoint is not as it was written

        """
}
