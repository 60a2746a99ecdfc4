internal import ArgumentParser
internal import Base
internal import Viz

/// `kvtui doctor`: what a bug report needs, asked of this machine just now.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: wording(
      "报告问题时要附上的：终端、字符宽度、处理器、版本",
      "What a bug report needs: terminal, widths, processor, versions"),
    discussion: wording(
      "每一项都是刚刚向这台机器问来的，问不到的写“不知道”。只写到标准输出，什么也不发送；里面有文件夹的路径，贴出之前请看一遍。终端会被问一下它是什么、这些字符画多宽（KVTUI_NO_PROBE=1 则不问）。",
      "Each line was asked of this machine just now; what it does not say is unknown. It is written to standard output and sent nowhere; it has paths of folders, so read it before you post it. The terminal is asked what it is and how wide it draws some characters (not with KVTUI_NO_PROBE=1)."
    ))

  @Flag(help: ArgumentHelp(wording("一行 JSON", "a line of JSON")))
  var json = false

  @OptionGroup var page: PageOptions

  func run() throws {
    let look = try page.look().inLocale
    let report = DoctorReport.current(look.language)
    if json {
      try RunOutput.print(report.json)
    } else {
      try Output.standard.say(report.text(look))
    }
  }
}
