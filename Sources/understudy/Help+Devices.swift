// The help of the verbs that talk to devices.
extension Help {
    static let scan = """
        usage: understudy scan [--port PORT] [--family FAMILY] [--baud RATE,...|all]
                               [--ids RANGE] [--patience MILLISECONDS] [--json]

        Without --port: lists the serial ports of this machine with the names that stay
        theirs, and what keeps this user from using one. Opens none of them.

        With --port: asks every number, one servo at a time, and says who answers. Only
        pings and reads are sent: nothing moves, and nothing is changed in a servo.
        Ctrl-C ends it and shows what was found by then.

        options
          --port PORT      a name that 'understudy scan' shows (/dev/serial/by-id/...,
                           /dev/serial/by-path/..., usb:VENDOR:PRODUCT:SERIAL), or of a
                           virtual robot: /dev/pts/N, the path of a socket
          --family FAMILY  dynamixel, feetech, moteus, or all; without it: all
          --baud RATE,...  only these rates, or all that servos of the family can be set
                           to; without it: the rates of new servos, and all others
                           only when nobody answers at those
          --ids RANGE      only these numbers, like 1 or 1-20; without it: all
          --patience MILLISECONDS
                           how late answers may come, for lines that are slow without
                           being broken; without it: 20, and what answers show then
          --json           the same for programs, as JSON
          --help           show this

        /dev/ttyUSB0 is refused: it is whatever was plugged in first.

        examples
          understudy scan
          understudy scan --port usb:0403:6014:FT7W9ZLQ --ids 1-20
          understudy scan --port /dev/pts/4 --baud 57600,1000000 --json

        exit status: 0 shown, 1 stopped by a person, 2 not understood, 5 no servo
        answered, one complains or answers damaged, or the port is missing, busy, not
        permitted or gone

        """

    static let servo = """
        usage: understudy servo ID --port PORT --family FAMILY [--baud RATE] TASK
                                [--patience MILLISECONDS] [--dry-run] [--may-move]
                                [--json]
               understudy servo setup --port PORT --family FAMILY
                                --plan NUMBER:NAME,... [--baud RATE,...|all]
                                [--state DIRECTORY] [--dry-run] [--json]

        Reads and sets one servo, one thing at a time.

        tasks
          read [REGISTER...]    the registers, raw and in units; without names: all
          write REGISTER VALUE  write a raw number, and read it back
          reboot                start the servo again, the way out of an alarm
          set-id NEW            give it another number; refused when NEW answers
          set-baud RATE         give it another rate, ask it there, and go back when
                                nobody answers
          restore FILE          put back settings that were kept; number and rate stay

        Before a setting is changed, all that survive a loss of power are kept in a
        file of $XDG_STATE_HOME/understudy/servos, and its name is said.

        setup asks for the servos of a robot one after the other, makes sure that just
        one answers, and gives it the number of its place. What is done is kept in a
        file: after Ctrl-C, or a power cut, the same command goes on. The number that
        new servos have comes last, so that nobody takes an old one for a new one.

        A REGISTER is a name that 'read' shows, or an address; a VALUE is a whole
        number, decimal or 0x...

        options
          --port PORT      the same as for 'understudy scan'
          --family FAMILY  dynamixel or feetech; moteus is only read
          --baud RATE      the rate of the servo; without it every rate is tried;
                           setup: without it the rates of new servos
          --patience MILLISECONDS
                           how late an answer may come; without it: 100
          --plan NUMBER:NAME,...
                           setup: which number which joint is to have
          --state DIRECTORY
                           setup: where it keeps what is done; without it
                           $XDG_STATE_HOME/understudy or ~/.local/state/understudy
          --dry-run        show the bytes and what they mean; open nothing, send nothing
          --may-move       do it although the joint can move, or fall
          --json           the same for programs, as JSON
          --help           show this

        Refused without --may-move: switching the motor on, writing a goal, changing
        how a driven motor is driven, a start-up with the motor on, and starting a
        driven servo again. Settings that survive a loss of power are refused while
        the motor is driven. Switching a motor off is always done: what the joint holds
        up falls.

        examples
          understudy servo 1 --port /dev/pts/4 --family dynamixel read
          understudy servo 1 --port /dev/pts/4 --family dynamixel write returnDelay 0
          understudy servo 1 --port /dev/pts/4 --family dynamixel set-id 7 --dry-run
          understudy servo setup --port /dev/pts/4 --family feetech \\
                           --plan 1:shoulder,2:elbow,3:hand

        exit status: 0 done, 1 setup was ended early, 2 not understood, 3 what setup
        keeps is of another plan, 4 refused, 5 the servo does not answer,
        refuses, complains or did not take it, or the port is missing, busy, not
        permitted or gone

        """
}
