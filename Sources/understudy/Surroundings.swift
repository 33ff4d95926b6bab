/// What a command may see of the machine. Tests bring their own.
struct Surroundings {
    /// The styles of standard output and standard error.
    let output: Style
    let errors: Style
    let read: (String) -> Result<[UInt8], FileTrouble>
    /// The names of the files in a folder, in order; nil when there is no such folder.
    let list: (String) -> [String]?
    let examine: (DoctorOptions) -> MachineFacts
    /// Whose rights this has.
    let user: () -> String
    let devices: DeviceAccess
    /// Writes to standard output at once, for a verb that goes on afterwards.
    let say: (String) -> Void
    /// Whether standard output is a terminal on which something can be drawn over.
    var isScreen = false
    /// Where the files of an installation are; nil when this program was not installed.
    var share: String? = nil
    /// Makes a file that is not there yet, and the folders above it.
    var create: (String, String) -> FileTrouble? = createFile
    /// The same for what is no text.
    var createBytes: (String, [UInt8]) -> FileTrouble? = createFile
    /// Puts bytes in the place of a file, in one step, and makes the folders above it.
    var replaceBytes: (String, [UInt8]) -> FileTrouble? = replaceFile
}

/// Why a file could not be read.
struct FileTrouble: Error, Equatable, Sendable {
    let code: Int32
    /// In the words of the system.
    let reason: String

    /// Whether there is nothing of that name.
    var isMissing: Bool { code == 2 }
}
