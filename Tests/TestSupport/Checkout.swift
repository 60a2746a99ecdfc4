internal import Foundation

/// The folder in which the project lies.
package enum Checkout {
  /// Its path.
  package static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
