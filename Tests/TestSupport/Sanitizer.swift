import Glibc

/// What the build watches itself with.
public enum Sanitizer {
    /// AddressSanitizer answers `mlockall` itself and locks nothing, so that nobody can ask the kernel through it.
    public static let addresses: Bool = unsafe dlsym(nil, "__asan_init") != nil
    public static let threads: Bool = unsafe dlsym(nil, "__tsan_init") != nil
}
