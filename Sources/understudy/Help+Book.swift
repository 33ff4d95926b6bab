// The help of the verbs that read a ledger.
extension Help {
    static let verify = """
        usage: understudy verify LEDGER|DIRECTORY [--head SERIAL:HASH]
                                 [--recordings DIRECTORY] [--json]

        Computes the hash of every entry of a ledger and of every recording anew and
        names whatever was changed, removed, put in or reordered. Reads; changes
        nothing. A guard may write to the ledger meanwhile.

        options
          --head SERIAL:HASH      a head that was noted earlier: what came before it
                                  must still be there, unchanged
          --recordings DIRECTORY  where the recordings are; without it: beside the
                                  ledger
          --json                  the same for programs, as JSON
          --help                  show this

        A DIRECTORY holds its ledger as 'ledger.sqlite'. The file 'ledger.sqlite.head'
        beside it names the last entry, so that entries cut off at the end are missed.
        Whoever can write both files can also write both anew, hashes and all; only a
        head that is kept somewhere else (a journal, a sheet of paper) shows that.

        exit status: 0 sound, 2 not understood, 3 there is no ledger to be read,
        7 something is not as it was written

        """

    static let budget = """
        usage: understudy budget LEDGER|DIRECTORY [--run FOLDER] [--json]

        Says what a person granted, what the episodes cost and what is left, in four
        currencies: time of the robot, wear, heat, and attention of a person. Reads;
        changes nothing. A guard may write to the ledger meanwhile.

        options
          --run FOLDER  of a learner: what the episode that it asks for is bought for,
                        what it may bring, what it is expected to take, and for how
                        many like it there is enough
          --json        the same for programs, with every entry, as JSON
          --help        show this

        exit status: 0 shown, 2 not understood, 3 there is no ledger to be read,
        7 the ledger is damaged

        """
}
