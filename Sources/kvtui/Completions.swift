internal import ArgumentParser
internal import Base
internal import Lessons
internal import Planner
internal import TinyModel

/// What a shell completes an argument to, where that is more than files or fixed words.
extension CompletionKind {
  /// A model: those that are found by name, or a folder.
  static var models: CompletionKind {
    .custom { _, _, typed in
      ProcessFacts.modelLibrary.listings().map(\.name) + CompletedPaths.folders(typed)
    }
  }

  /// A lesson: those of the course, or a file.
  static var lessons: CompletionKind {
    .custom { _, _, typed in
      ((try? ProcessFacts.course())?.ids ?? []) + CompletedPaths.all(typed)
    }
  }

  /// A model of the planner: those of its table, or a file.
  static var plannedModels: CompletionKind {
    .custom { _, _, typed in
      ((try? Catalogue.models().map(\.name)) ?? []) + CompletedPaths.all(typed)
    }
  }

  /// A machine of the planner's table.
  static var machines: CompletionKind {
    .custom { _, _, _ in (try? Catalogue.machines().map(\.name)) ?? [] }
  }

  /// A lecture: those that are bundled, or a file.
  static var lectures: CompletionKind {
    .custom { _, _, typed in ProcessFacts.lectures.numbers + CompletedPaths.all(typed) }
  }
}

/// Paths that begin with what was typed.
private enum CompletedPaths {
  static func folders(_ typed: String) -> [String] { all(typed).filter { $0.hasSuffix("/") } }

  /// Files, and folders with a slash behind them, so that one can go on.
  static func all(_ typed: String) -> [String] {
    let slash = typed.lastIndex(of: "/")
    let folder = slash.map { String(typed[...$0]) } ?? ""
    let isHiddenMeant = typed[(slash.map { typed.index(after: $0) } ?? typed.startIndex)...]
      .hasPrefix(".")
    return folderEntries(folder.isEmpty ? "." : folder, most: 10_000)
      .filter { isHiddenMeant || !$0.hasPrefix(".") }
      .map { folder + $0 }
      .map { PathKind($0) == .folder ? $0 + "/" : $0 }
  }
}
