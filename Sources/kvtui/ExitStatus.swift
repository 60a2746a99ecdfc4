/// The exit codes, in one table: `--help` shows it.
enum ExitStatus: Int32, CaseIterable {
  case usage = 64
  case badData = 65
  case noInput = 66
  case noTerminal = 69
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74

  private var meaning: String {
    switch self {
    case .usage: wording("参数有误", "usage")
    case .badData: wording("数据有误", "bad data")
    case .noInput: wording("找不到输入，或不是普通文件", "no such input, or not a regular file")
    case .noTerminal: wording("没有可用的终端", "no usable terminal")
    case .internalError: wording("程序自身出错", "internal error")
    case .cannotCreate: wording("不能创建输出文件", "cannot create the output file")
    case .inputOutput: wording("读写出错", "input or output failed")
    }
  }

  /// The table as `--help` shows it.
  static var table: String {
    let rows = allCases.map { "\($0.rawValue) \($0.meaning)" }
    return wording("退出码：0 成功；", "Exit codes: 0 success; ")
      + rows.joined(separator: wording("；", "; "))
      + wording("；128 + 信号。", "; 128 + signal.")
  }
}
