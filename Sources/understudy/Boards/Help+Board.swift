extension Help {
    static let board = """
        usage: understudy board info --port PORT [--json]
               understudy board selftest --port PORT [--json]
               understudy board log --port PORT [--time SECONDS] [--json]
               understudy board flash IMAGE [--tool dfu-util|openocd] [--dry-run]

        Asks a board of ours, or gives it another program. Nothing moves: it is never
        configured, and so cannot be armed.

        tasks
          info      chip, build, layout, mode, fault and supply
          selftest  tries line, clock and reports, and that it refuses to be armed;
                    a board that drives its joints is let be
          log       its events and faults, as they come
          flash     shows the command that writes IMAGE into the chip, and runs it when
                    somebody types yes; the outputs of a board go off with it

        options
          --port PORT     a name that 'understudy scan' shows, or of a virtual robot
          --time SECONDS  how long to listen; without it 10
          --tool TOOL     dfu-util, over USB, which is meant without it; or openocd,
                          with an ST-Link
          --dry-run       only show the command
          --json          the same for programs
          --help          show this

        examples
          understudy virtual leg --lockstep /tmp/leg --firmware qemu
          understudy board selftest --port lockstep:/tmp/leg
          understudy board flash .build-firmware/STM32F405.bin --dry-run

        exit status: 0 done, 2 not understood, 3 no image, 4 refused, 5 the board
        complains, fails a trial or does not answer

        """
}
