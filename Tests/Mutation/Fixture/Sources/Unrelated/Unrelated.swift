/// Not needed by the tests of `Sample`, so the copy must do without it.
public struct Unrelated {}
