internal import Base
internal import Terminal

/// Which program this is.
enum DoctorProgram {
  static var section: DoctorSection {
    let record = BuildRecord.current
    return DoctorSection(
      name: "program", title: ("程序", "Program"),
      facts: [
        DoctorFact("version", "版本", "version", .text(BuildRecord.version)),
        DoctorFact("commit", "提交", "commit", .text(record.commit)),
        DoctorFact("commit_date", "提交日期", "its date", .text(record.day)),
        DoctorFact(
          "changed", "此后源码有改动", "changed since", .flag(record.commit.map { _ in record.isChanged })),
        DoctorFact("executable", "文件", "file", .text(ProcessFacts.executable)),
        DoctorFact("compiler", "编译器", "compiler", .text("Swift " + compiler)),
        DoctorFact("screen_library", "画面库", "screen library", .text(TerminalFacts.screenLibrary)),
        DoctorFact("c_library", "C 库", "C library", .text(TerminalFacts.libraryOfC)),
      ])
  }

  /// What the compiler says of itself as it compiles this.
  private static var compiler: String {
    #if compiler(>=6.4)
      "≥ 6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
