internal import FlyingFox
internal import FlyingSocks

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// FlyingFox at a Unix socket: it reads the requests that the guard passes on, and writes the answers.
struct Backstage: Sendable {
  private let task: Task<Void, Never>

  /// Begins to listen; until it does, the guard keeps knocking.
  ///
  /// FlyingFox ends when it can accept nobody, as when the process has too many files open: then it begins anew.
  init(at path: String, _ handler: RequestHandler) {
    task = Task.detached {
      while !Task.isCancelled {
        unlink(path)
        let server = HTTPServer(
          config: .init(address: .unix(path: path), logger: .disabled), handler: handler)
        try? await server.run()
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// Ends it.
  func stop() { task.cancel() }
}
