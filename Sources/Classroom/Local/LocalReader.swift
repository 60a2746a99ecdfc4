internal import Base

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Reads the state of a presentation that is shared on this machine.
///
/// What is at the other end of a path is not trusted: a line that is too long or no document ends the connection.
public final class LocalReader {
  /// What came since it was last looked at.
  public enum News: Equatable {
    /// Nothing.
    case none
    /// The newest document.
    case document(PresentationDocument)
    /// The presentation is gone; it may come again at the same path.
    case ended
  }

  /// Bytes that a document has at most.
  static let longestLine = 4 << 20

  private let path: String
  private let socket: LocalSocket
  private var input: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  /// So many of its first bytes hold no line's end.
  private var searched = 0

  /// Connects.
  ///
  /// - Throws: `noPresentation` where nobody listens, or why it may not be followed.
  public init(path: String) throws(ClassroomError) {
    guard path.utf8.count <= Sockets.longestPath else {
      throw .pathTooLong(path: path, limit: Sockets.longestPath)
    }
    do throws(SystemFailure) {
      socket = try LocalSocket.connected(to: path)
    } catch {
      let isAbsent = error.isAbsence || error.code == ECONNREFUSED
      throw isAbsent ? .noPresentation(path: path) : .cannotFollow(path: path, reason: error)
    }
    self.path = path
  }

  /// A descriptor that is readable when there is news.
  public var wake: Int32 { socket.descriptor }

  /// The newest document of those that came.
  ///
  /// - Throws: what is wrong with it.
  public var news: News {
    get throws(FileError) {
      var isClosed = false
      reading: while input.count <= Self.longestLine {
        switch socket.read(into: &input, &buffer) {
        case .bytes: continue
        case .blocked: break reading
        case .ended, .failed:
          isClosed = true
          break reading
        }
      }
      if let line = takeNewestLine() {
        return .document(try PresentationDocument(line, from: path))
      }
      guard input.count <= Self.longestLine else {
        throw .tooManyBytes(file: path, bytes: input.count, limit: Self.longestLine)
      }
      return isClosed ? .ended : .none
    }
  }

  /// The last whole line; those before it are out of date.
  private func takeNewestLine() -> [UInt8]? {
    defer { searched = input.count }
    guard let end = input[searched...].lastIndex(of: 0x0A) else { return nil }
    let start = input[..<end].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = Array(input[start..<end])
    input.removeFirst(end + 1)
    return line
  }

  /// Says a line to the presentation; true if it was taken whole.
  public func say(_ command: String) -> Bool {
    let bytes = Array((command + "\n").utf8)
    return socket.write(bytes[...]) == .bytes(bytes.count)
  }
}
