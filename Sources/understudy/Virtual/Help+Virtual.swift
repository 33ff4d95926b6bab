extension Help {
    static let virtual = """
        usage: understudy virtual ROBOT [--robots DIRECTORY] [--envelopes DIRECTORY] HOW
               understudy virtual --servos LIST [--baud RATE] HOW
               understudy virtual --list-faults [--json]

        HOW: [--link PATH] [--lockstep SOCKET] [--speed N|max] [--seed NUMBER]
             [--spread SHARE] [--fault FAULT]... [--faults PLAN] [--record FILE]
             [--control SOCKET] [--view] [--firmware host|qemu|FILE]

        Pretends to be a robot, or servos on a bus that nothing hangs on, down to the
        bytes: registers, guards, watchdogs, control loops and motors that move. The
        first line of the output is the port to open; it ends with Ctrl-C and leaves
        nothing behind.

        options
          ROBOT           the name of its folder, or its file: links, contacts and
                          metal are as it says under body
          --robots DIRECTORY
                          where the folders of robots are; without it Calibration
          --envelopes DIRECTORY
                          where their limits are; without it safety/envelopes
          --servos LIST   products with their numbers along the wire, all of one maker,
                          like xl330-m288:1-3,xm430-w350:7 or sts3215:1-6 or moteus:1
          --baud RATE     what the servos are set to; without it 1000000
                          (moteus: the adapter heeds none)
          --link PATH     a name that leads to the port, also after it was unplugged
          --lockstep SOCKET
                          no port: masters connect to this socket and bring the time
                          along, which passes only while one of them waits
          --speed N|max   how much faster than real time; without it 1, with --lockstep
                          max: as fast as this machine can
          --seed NUMBER   what chance begins with; without it 1
          --spread SHARE  by how much parts of a kind differ, as the seed has it: bare
                          servos by 0 to 0.5, a tenth is 0.1; a ROBOT by 0 to 3, as
                          those do that can be bought is 1, which it is without it
                          unless its folder says otherwise
          --fault FAULT   one thing that goes wrong: NAME[#SERVO][@FROM][+FOR][:NUMBER],
                          like stuck-joint#2@5s or packet-loss@2s+500ms:0.1; repeatable
          --faults PLAN   several of them, separated by commas
          --record FILE   write the run, a line of JSON for everything that happens;
                          the same seed and the same bytes at the same time write the
                          same file, and its last line is its hash
          --firmware host|qemu|FILE
                          which build of our board's program the robot runs: that in
                          this program, without the option; the image of the chip that
                          'make firmware' makes; or another image, NAME.elf
          --control SOCKET
                          let others press the emergency stop, hold the dead-man switch,
                          break and mend things, and read what is pressed and held
          --view          draw the joints; without a terminal a line every second
          --list-faults   every fault by its name
          --json          the list for programs
          --help          show this

        keys of --view: space presses and releases the emergency stop, d holds and lets
        go of the dead-man switch, f asks for a fault, m mends all, q ends

        lines for --control: stop, release, hold, let-go, FAULT, mend [NAME[#SERVO]];
        it says its state in a line of JSON about twenty times a second. The dead-man
        switch is held only while such lines say so: silence is a release.

        The emergency stop takes the supply from servos. The dead-man switch is held
        unless a fault or a person says otherwise; to stop is up to who reads it.

        examples
          understudy virtual pendulum --view
          understudy virtual reacher --lockstep /tmp/robot --fault stuck-joint#2@5s
          understudy scan --port lockstep:/tmp/robot --family feetech
          understudy virtual --servos xl330-m288:1-3 --link /tmp/bus --view
          understudy scan --port /dev/pts/4 --baud 1000000 --ids 1-10
          understudy virtual --servos sts3215:1-6 --fault stuck-joint#2@5s
          understudy virtual --servos xl330-m288:1 --lockstep /tmp/robot --record run

        exit status: 0 ended by a person, 1 no place for it or the run could not be
        written, 2 not understood, 3 the robot's files are not right

        """
}
