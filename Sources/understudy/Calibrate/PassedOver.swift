import Robots

extension RobotFile {
    /// What whoever goes by a record should know of it: nil where what it says of a model still counts.
    ///
    /// - Parameter next: what to do; a calibration that is under way needs no words.
    func passingOver(_ record: CalibrationFile, at path: String, next: String? = nil) -> String? {
        guard let model = missingModel(of: record) else { return nil }
        let own = models.first.map { "its model is \(quoted($0.name))" } ?? "it has no model"
        let text =
            "'\(shown(path))' is of a model \(quoted(model)), which this version of \(shown(name)) does not have: "
            + "\(own), and counts as its file believes in it\n"
        return text + (next.map { "  next: \($0)\n" } ?? "")
    }
}
