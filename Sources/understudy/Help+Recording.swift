extension Help {
    static let recording = """
        usage: understudy recording info FILE [--json]
               understudy recording recover FILE... [--output DIRECTORY] [--json]

        Looks at recordings: MCAP files, as Foxglove, PlotJuggler and others read them.

        tasks
          info      what a recording holds, after every byte of it was read and checked
                    against its checksums, its index and its counts; of a damaged one
                    what can be saved, and where it is damaged
          recover   save what can be saved of recordings that are damaged or were cut
                    off: every message of every chunk that is as it was written, and of
                    a chunk that was cut off those in front of the cut. FILE.mcap stays
                    as it is; the new one is FILE.recovered.mcap, with an index

        What a checksum contradicts is not saved: a changed number is worse than a
        missing one. Every place that is lost is named.

        options
          --output DIRECTORY  where the new files go; without it beside the old ones
          --json              the same for programs, as JSON
          --help              show this

        examples
          understudy recording info episode-7.mcap
          understudy recording recover episode-*.mcap --output /tmp

        exit status: 0 the recording is whole, or saved; 1 it could not be saved; 2 not
        understood; 3 a file is missing, or there already; 7 it is damaged, or no
        recording

        """
}
