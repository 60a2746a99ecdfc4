package import Base
internal import Foundation
package import Lessons
internal import Synchronization

/// The program as it was built beside the tests.
package enum BuiltProgram {
  private static let known = Mutex<[ToolLink: JSON]>([:])

  /// What a command prints that a lesson asks for; it is asked once.
  package static func facts(of link: ToolLink) throws(RunFailure) -> JSON {
    if let printed = known.withLock({ $0[link] }) { return printed }
    let printed = try workedOut(link)
    known.withLock { $0[link] = printed }
    return printed
  }

  private static func workedOut(_ link: ToolLink) throws(RunFailure) -> JSON {
    do {
      let lines = try output(of: ["lint", "--facts", link.line]).split(separator: "\n")
        .map { try JSON.parse(Array($0.utf8), file: link.line) }
      return lines.count == 1 ? lines[0] : .array(lines)
    } catch {
      throw .cannotCompute(Failure(error: error))
    }
  }

  /// What it prints for some arguments.
  package static func output(of arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "kvtui")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ExitCode(code: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }
}

private struct ExitCode: Error { let code: Int32 }

/// What went wrong, as Swift writes it: for who reads a failing test.
struct Failure: Explained {
  let error: any Error
  var status: Int32 { 70 }
  func message(_ language: Language) -> String? { "\(error)" }
}
