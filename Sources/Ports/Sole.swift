/// A pointer to something of a C library that one owner has, and hands to nobody.
///
/// Pointers are not `Sendable` because two threads may have the same one. This one is made where the thing is made,
/// cannot be copied, and never leaves the non-copyable type that keeps it: who sends that, sends all there is. That is
/// what `@unchecked` stands for; the compiler cannot see that nobody kept a copy of `pointer`.
@safe struct Sole<Pointer>: ~Copyable, @unchecked Sendable {
    let pointer: Pointer

    init(_ pointer: Pointer) { self.pointer = pointer }
}
