/// The exit codes, in one table: `--help` shows it.
public enum ExitStatus: Int32, CaseIterable, Sendable {
  /// Bad arguments.
  case usage = 64
  /// A file or a text that cannot be used.
  case badData = 65
  /// Nothing to read, or not a regular file.
  case noInput = 66
  /// No terminal to draw on.
  case noTerminal = 69
  /// The program's own fault, or resources that the system refuses.
  case internalError = 70
  /// An output file cannot be made.
  case cannotCreate = 73
  /// A device failed.
  case inputOutput = 74

  private func meaning(_ language: Language) -> String {
    switch self {
    case .usage: language("参数有误", "usage")
    case .badData: language("数据有误", "bad data")
    case .noInput: language("找不到输入，或不是普通文件", "no such input, or not a regular file")
    case .noTerminal: language("没有可用的终端", "no usable terminal")
    case .internalError: language("程序自身出错", "internal error")
    case .cannotCreate: language("不能创建输出文件", "cannot create the output file")
    case .inputOutput: language("读写出错", "input or output failed")
    }
  }

  /// The table as `--help` shows it.
  public static func table(_ language: Language) -> String {
    let rows = allCases.map { "\($0.rawValue) \($0.meaning(language))" }
    return language("退出码：0 成功；", "Exit codes: 0 success; ")
      + rows.joined(separator: language("；", "; "))
      + language("；128 + 信号。", "; 128 + signal.")
  }
}
