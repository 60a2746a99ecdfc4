package import Base

/// What commands print with `--json`, as far as the expressions of a screen ask for it.
///
/// Of a command that prints one line it is that object, of others the list of their lines.
public struct ToolFacts: Sendable {
  /// What was printed, or why nothing was.
  package typealias Printed = Result<JSON, RunFailure>

  private var printed: [ToolLink: Printed] = [:]
  /// The command that is meant where an expression names none; nil where the screen has no tool.
  package var place: ToolLink?

  /// Nothing is known, and no tool is meant.
  public init() {}

  /// What a command printed; nil where nobody asked.
  package subscript(link: ToolLink) -> Printed? {
    get { printed[link] }
    set { printed[link] = newValue }
  }

  /// Takes over what others know.
  package mutating func add(_ others: ToolFacts) {
    printed.merge(others.printed) { _, new in new }
  }

  /// The same with another command meant.
  package func at(_ place: ToolLink?) -> ToolFacts {
    var facts = self
    facts.place = place
    return facts
  }
}

extension ToolFacts {
  /// What a screen's commands print.
  ///
  /// - Parameters:
  ///   - links: the commands.
  ///   - printed: what each prints.
  package init(
    of links: [ToolLink], _ printed: (ToolLink) throws(RunFailure) -> JSON
  ) {
    for link in links {
      do throws(RunFailure) {
        self[link] = .success(try printed(link))
      } catch {
        self[link] = .failure(error)
      }
    }
  }
}

extension Expression {
  /// The functions that ask for what a command prints.
  static let toolFunctions: Set = ["tool", "size", "total", "smallest", "largest"]

  /// The commands whose facts it asks for; `place` is the one that is meant where it names none.
  func commands(_ place: ToolLink?) -> [ToolLink] {
    switch self {
    case .literal, .field: return []
    case .unary(_, let operand): return operand.commands(place)
    case .binary(_, let left, let right): return left.commands(place) + right.commands(place)
    case .call(let name, let arguments):
      let inner = arguments.flatMap { $0.commands(place) }
      guard Self.toolFunctions.contains(name) else { return inner }
      return inner + [arguments.count > 1 ? arguments[1].link : place].compactMap { $0 }
    }
  }

  /// The command that a text in quotes names.
  var link: ToolLink? {
    guard case .literal(.text(let line)) = self else { return nil }
    return ToolLink(line)
  }
}
