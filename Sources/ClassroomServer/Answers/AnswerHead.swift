/// Fields of all answers.
enum AnswerHead {
  static let plainText = "text/plain; charset=utf-8"
  static let eventStream = "text/event-stream"

  /// Nothing is kept, guessed, framed or told to others.
  ///
  /// Source: Content Security Policy Level 3; RFC 9111, section 5.2.2.5; Fetch, section 3.6.
  static let security = [
    ("Cache-Control", "no-store, no-transform"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Connection", "close"),
  ]

  /// The policy of what is no page.
  static let strictPolicy = "default-src 'none'; frame-ancestors 'none'"

  /// A refusal as the guard sends it, without asking anybody.
  static func bytes(of refusal: Refusal) -> [UInt8] {
    let fields =
      [
        ("Content-Type", plainText), ("Content-Length", "\(refusal.text.utf8.count)"),
        ("Content-Security-Policy", strictPolicy),
      ] + security + refusal.fields
    return Array((head("\(refusal.rawValue) \(refusal.phrase)", fields) + refusal.text.utf8))
  }

  /// How the answer to a follower begins; it ends with the connection.
  static let followers = head(
    "200 OK",
    [
      ("Content-Type", eventStream), ("Content-Security-Policy", strictPolicy),
      ("X-Accel-Buffering", "no"),
    ] + security)

  private static func head(_ status: String, _ fields: [(String, String)]) -> [UInt8] {
    Array(
      ("HTTP/1.1 \(status)\r\n" + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n").utf8)
  }
}
