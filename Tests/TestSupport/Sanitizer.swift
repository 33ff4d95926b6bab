import Glibc

/// Whether this build watches its own memory or threads.
///
/// Such a build answers `mlockall` itself and locks nothing, so that nobody can ask the kernel through it, and needs more
/// than a service's sandbox gives.
public enum Sanitizer {
    public static let isPresent = unsafe dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
}
