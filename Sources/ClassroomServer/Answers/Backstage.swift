internal import FlyingFox
internal import FlyingSocks

/// FlyingFox at a Unix socket: it reads the requests that the guard passes on, and writes the answers.
struct Backstage: Sendable {
  private let task: Task<Void, any Error>

  /// Begins to listen; until it does, the guard keeps knocking.
  init(at path: String, _ handler: RequestHandler) {
    let server = HTTPServer(
      config: .init(address: .unix(path: path), logger: .disabled), handler: handler)
    task = Task.detached { try await server.run() }
  }

  /// Ends it.
  func stop() { task.cancel() }
}
