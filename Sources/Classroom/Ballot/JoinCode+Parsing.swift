package import Base

/// What is given for a code is none.
package struct JoinCodeError: Explained, Equatable {
  /// What was given.
  package let text: String

  /// 64.
  package var status: Int32 { ExitStatus.usage.rawValue }

  /// What a code is made of.
  package func message(_ language: Language) -> String? {
    language(
      "--code 的 \(text.clipped) 不是代码：请用 \(JoinCode.letters) 中的四个，或不写 --code，由程序随机取",
      "--code \(text.clipped) is no code: give four of \(JoinCode.letters), or leave it out for a random one"
    )
  }
}

extension JoinCode {
  /// The code that `--code` has, in upper or lower case.
  package init(parsing text: String) throws(JoinCodeError) {
    guard let code = JoinCode(text) else { throw JoinCodeError(text: text) }
    self = code
  }
}
