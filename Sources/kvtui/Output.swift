#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif
internal import Base

/// A descriptor that is written to at once, so that a full device is noticed.
struct Output {
  private let descriptor: Int32
  /// The file's path as it was given; nil for standard output.
  private let file: String?

  /// Standard output.
  static let standard = Output(descriptor: STDOUT_FILENO, file: nil)

  /// An open file.
  init(descriptor: Int32, file: String?) {
    self.descriptor = descriptor
    self.file = file
  }

  /// Writes all of a text that people read, in their locale's character set.
  func say(_ text: String) throws(CommandError) {
    try write(LocaleCharset.current?.bytes(of: text) ?? Array(text.utf8))
  }

  /// Writes all of a text that programs read, in UTF-8.
  func write(_ text: String) throws(CommandError) {
    try write(Array(text.utf8))
  }

  private func write(_ all: [UInt8]) throws(CommandError) {
    var bytes = all[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { writeOnce($0.baseAddress, $0.count) }
      if count < 0 && Descriptors.canRetry(descriptor, for: Int32(POLLOUT)) { continue }
      guard count > 0 else { throw failure }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Closes the file, which may be when a device says that it is full.
  func close() throws(CommandError) {
    guard closeOnce() == 0 else { throw failure }
  }

  /// What the last call's failure means.
  private var failure: CommandError {
    errno == EPIPE ? .readerGone : .cannotWrite(file: file, .last)
  }

  private func writeOnce(_ start: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, start, count)
    #else
      Darwin.write(descriptor, start, count)
    #endif
  }

  private func closeOnce() -> Int32 {
    #if canImport(Glibc)
      Glibc.close(descriptor)
    #else
      Darwin.close(descriptor)
    #endif
  }
}
