/// What is answered to a request that gets nothing, by its number in HTTP.
///
/// Source: RFC 9110, section 15; RFC 6585.
enum Refusal: Int, Error, CaseIterable {
  case badRequest = 400
  case forbidden = 403
  case notFound = 404
  case methodNotAllowed = 405
  case requestTimeout = 408
  case conflict = 409
  case contentTooLarge = 413
  case unsupportedMediaType = 415
  case misdirected = 421
  case tooManyRequests = 429
  case headTooLarge = 431
  case unavailable = 503

  /// The number's name.
  var phrase: String {
    switch self {
    case .badRequest: "Bad Request"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .methodNotAllowed: "Method Not Allowed"
    case .requestTimeout: "Request Timeout"
    case .conflict: "Conflict"
    case .contentTooLarge: "Content Too Large"
    case .unsupportedMediaType: "Unsupported Media Type"
    case .misdirected: "Misdirected Request"
    case .tooManyRequests: "Too Many Requests"
    case .headTooLarge: "Request Header Fields Too Large"
    case .unavailable: "Service Unavailable"
    }
  }

  /// What somebody reads who sees it: nothing of what was asked comes back.
  var text: String {
    switch self {
    case .notFound:
      "没有这个页面：请核对投影上的网址和四位代码。\n"
        + "No such page: check the address and the four letters on the screen.\n"
    case .misdirected:
      "请用投影上的网址打开。\nOpen it by the address on the screen.\n"
    case .unavailable:
      "现在连接太多，请稍后再试。\nToo many are connected: try again in a moment.\n"
    default: phrase + "\n"
    }
  }

  /// More that this answer has to say of itself.
  var fields: [(String, String)] {
    switch self {
    case .tooManyRequests, .unavailable: [("Retry-After", "1")]
    case .methodNotAllowed: [("Allow", "GET, POST")]
    default: []
    }
  }
}
