import Foundation
import Supervision
import Testing

@testable import understudy

@Suite("Fault pages")
struct FaultPageTests {
    @Test("every fault has a page, and every page a fault")
    func onePageEach() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: FaultPage.folder.path)
        #expect(names.sorted() == Fault.every.map(FaultPage.name))
    }

    @Test("the heading is the number, the name and the title", arguments: Fault.every)
    func heading(fault: Fault) throws {
        let page = try FaultPage(of: fault)
        #expect(page.lines.first == "# \(FaultPage.number(of: fault)) \(fault): \(fault.text.title)")
    }

    @Test("the page gives the cause and the remedy of the fault word for word", arguments: Fault.every)
    func sentences(fault: Fault) throws {
        let page = try FaultPage(of: fault)
        #expect(page.paragraphs.contains("**Cause**: \(fault.text.cause)"))
        #expect(page.paragraphs.contains("**Remedy**: \(fault.text.remedy)"))
    }

    @Test("the page says what the stop ladder does, and says it once", arguments: Fault.every)
    func ladder(fault: Fault) throws {
        let page = try FaultPage(of: fault)
        #expect(page.lines.filter { $0.hasPrefix("Ladder:") } == [fault.row.line])
    }

    @Test("the sections come in one order on every page", arguments: Fault.every)
    func sections(fault: Fault) throws {
        let page = try FaultPage(of: fault)
        let headings = page.paragraphs.filter { $0.hasPrefix("**") }.compactMap { $0.split(separator: "**").first }
        let expected = [
            "Cause", "What the robot does", "Remedy", "Typical reasons on real robots", "What the record shows",
            "How to provoke it on purpose",
        ]
        #expect(headings.map(String.init) == expected)
    }

    @Test("a page has steps and reasons, and fits on a screen", arguments: Fault.every)
    func shape(fault: Fault) throws {
        let page = try FaultPage(of: fault)
        #expect(page.lines.contains { $0.hasPrefix("1. ") })
        #expect((2...5).contains(page.lines.count { $0.hasPrefix("- ") }))
        #expect((20...40).contains(page.lines.count))
        #expect(page.lines.allSatisfy { $0.count <= 120 })
    }

    @Test("a page names only verbs of the command", arguments: Fault.every)
    func verbs(fault: Fault) throws {
        for paragraph in try FaultPage(of: fault).paragraphs {
            #expect(unknownVerbs(in: paragraph).isEmpty)
        }
    }
}

/// A file of `safety/faults/`.
struct FaultPage {
    let lines: [String]
    /// What stands between empty lines, each as one line.
    let paragraphs: [String]

    init(of fault: Fault) throws {
        let text = try String(contentsOf: Self.folder.appending(path: Self.name(of: fault)), encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) }
        paragraphs = lines.split(separator: "").map { $0.joined(separator: " ") }
    }

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "safety/faults")

    static func number(of fault: Fault) -> String { String(String(1000 + Int(fault.rawValue)).dropFirst()) }
    static func name(of fault: Fault) -> String { "\(number(of: fault)).md" }
}

extension Fault {
    /// Every fault by its number. `CaseIterable` is not available where `Fault` also has to compile.
    static let every = (UInt8.min...UInt8.max).compactMap(Fault.init)
}
