internal import Classroom
internal import FlyingFox
internal import Foundation

/// Answers the requests that the guard has let through.
struct RequestHandler: HTTPHandler {
  let room: Room
  let code: JoinCode
  let page: PhonePage

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    do throws(Refusal) {
      return try await answer(request)
    } catch {
      return response(to: request, error)
    }
  }

  /// The checks, the cheapest and the most telling first.
  private func answer(_ request: HTTPRequest) async throws(Refusal) -> HTTPResponse {
    guard isOwn(request) else { throw .forbidden }
    let found = Route.find(request.path)
    let methods = found.map { [$0.route.method] } ?? ["GET", "POST"]
    guard methods.contains(request.method.rawValue) else { throw .methodNotAllowed }
    guard let (route, given) = found else { throw .notFound }
    guard code.matches(given) else {
      try? await Task.sleep(for: room.waitForWrongCode(at: .now))
      throw .notFound
    }
    return try await answer(request, route)
  }

  private func answer(_ request: HTTPRequest, _ route: Route) async throws(Refusal) -> HTTPResponse
  {
    switch route {
    case .page:
      room.notePage()
      return response(
        .ok, "text/html; charset=utf-8", Data(page.text.utf8), policy: page.policy)
    case .state:
      guard let event = room.event else { throw .unavailable }
      return response(.ok, "application/json", Data(event.document))
    // The guard sends the rest, for as long as the phone follows.
    case .events: return response(.ok, AnswerHead.eventStream, Data())
    case .vote:
      guard isJSON(request) else { throw .unsupportedMediaType }
      guard let body = try? await request.bodyData else { throw .badRequest }
      try room.take(try VoteReader.vote(Array(body)), at: .now)
      return response(.noContent, nil, Data())
    }
  }

  /// Whether no page of somebody else has sent this; the guard has checked the host.
  private func isOwn(_ request: HTTPRequest) -> Bool {
    guard let origin = request.headers[HTTPHeader("Origin")] else { return true }
    return origin.lowercased() == "http://" + (request.headers[.host] ?? "").lowercased()
  }

  private func isJSON(_ request: HTTPRequest) -> Bool {
    let type = request.headers[.contentType] ?? ""
    return type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
      == "application/json"
  }

  // MARK: Responses

  private func response(
    _ status: HTTPStatusCode, _ type: String?, _ body: Data,
    policy: String = AnswerHead.strictPolicy, _ more: [(String, String)] = []
  ) -> HTTPResponse {
    var headers = HTTPHeaders()
    let fields = AnswerHead.security + [("Content-Security-Policy", policy)] + more
    for (name, value) in fields { headers[HTTPHeader(name)] = value }
    headers[.contentType] = type
    return HTTPResponse(statusCode: status, headers: headers, body: body)
  }

  private func response(to request: HTTPRequest, _ refusal: Refusal) -> HTTPResponse {
    let allowed = Route.find(request.path).map { [("Allow", $0.route.method)] } ?? []
    let more = refusal == .methodNotAllowed ? allowed : []
    return response(
      HTTPStatusCode(refusal.rawValue, phrase: refusal.phrase), AnswerHead.plainText,
      Data(refusal.text.utf8), refusal.fields + more)
  }
}
