import Testing

/// What the types of the safety core make impossible to write.
@Suite struct CompileFailTests {
    @Test("the wrong program does not compile, and for the stated reason", arguments: RefusedProgram.all)
    func refused(program: RefusedProgram) throws {
        let errors = try Compiler.errors(in: program.text)
        #expect(errors.count == 1)
        let diagnostic = try #require(program.diagnostic)
        #expect(errors.first?.contains(diagnostic) == true, "the compiler says \(errors)")
    }

    @Test("the same program without its wrong lines compiles", arguments: RefusedProgram.all)
    func corrected(program: RefusedProgram) throws {
        #expect(program.corrected != program.text)
        #expect(try Compiler.errors(in: program.corrected) == [])
    }

    @Test(
        "the programs are there",
        arguments: [
            "adding-angle-and-speed", "adding-two-temperatures", "mixing-six-and-seven-joints", "making-a-permit",
            "running-twice", "copying-a-permit", "running-without-a-permit",
        ])
    func complete(name: String) {
        #expect(RefusedProgram.all.map(\.name).contains(name))
    }

    @Test("the compiler is not silent about a missing module")
    func control() throws {
        #expect(try Compiler.errors(in: "import Attic\n") == ["no such module 'Attic'"])
    }
}
