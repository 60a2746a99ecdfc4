/// What can be asked for, each with the one method it is asked for by.
enum Route: String {
  case page = ""
  case state
  case events
  case vote

  /// The method.
  var method: String { self == .vote ? "POST" : "GET" }

  /// What a path leads to, and the code that it gives; in either case, since an upper-case URL makes the smaller QR code.
  static func find(_ path: String) -> (route: Route, code: String)? {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    if parts.count > 2, parts.last?.isEmpty == true { parts.removeLast() }
    guard (2...3).contains(parts.count), parts.removeFirst().lowercased() == "j",
      let code = parts.popFirst(), let route = Route(rawValue: parts.first?.lowercased() ?? "")
    else { return nil }
    return (route, String(code))
  }
}
