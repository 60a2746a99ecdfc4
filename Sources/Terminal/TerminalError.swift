public import Base
import Viz

/// Why there is no interactive screen.
public enum TerminalError: Explained, Hashable, Sendable {
  /// Standard output goes to a file or a pipe.
  case outputIsNoTerminal
  /// Standard input, which the keys were to come from, is a file or a pipe.
  case inputIsNoTerminal
  /// Keys were to come from the terminal itself, and the process belongs to none.
  case noControllingTerminal
  /// The terminal cannot place its cursor, or nothing is known about it; nil: `TERM` is unset.
  case unusable(term: String?)
  /// The process may open no more files.
  case tooFewDescriptors

  /// 69.
  public var status: Int32 { ExitStatus.noTerminal.rawValue }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .outputIsNoTerminal:
      language(
        "标准输出不是终端；请直接在终端里运行，或加 --plain",
        "standard output is no terminal; run it in one, or add --plain")
    case .inputIsNoTerminal:
      language(
        "标准输入不是终端；请直接在终端里运行，或加 --plain",
        "standard input is no terminal; run it in one, or add --plain")
    case .noControllingTerminal:
      language(
        "没有可以读按键的终端；请直接在终端里运行，或加 --plain",
        "there is no terminal to read keys from; run it in one, or add --plain")
    case .tooFewDescriptors:
      language(
        "这个进程不能再打开文件了，屏幕开不了；请用 ulimit -n 提高上限，或加 --plain",
        "the process may open no more files, which the screen needs; raise the limit with ulimit -n, or add --plain"
      )
    case .unusable(let term): TerminalError.unusableMessage(term, language)
    }
  }

  private static func unusableMessage(_ term: String?, _ language: Language) -> String {
    guard let term, !term.isEmpty else {
      return language(
        "没有设置 TERM；请设为终端的类型，例如 TERM=xterm-256color，或加 --plain",
        "TERM is not set; set it to the terminal's type, such as xterm-256color, or add --plain")
    }
    let name = Sanitiser.clean(String(term.prefix(40)))
    return language(
      "TERM=\(name) 的终端不能定位光标；请改 TERM，或加 --plain",
      "a terminal of TERM=\(name) cannot place its cursor; set TERM to another, or add --plain")
  }
}
