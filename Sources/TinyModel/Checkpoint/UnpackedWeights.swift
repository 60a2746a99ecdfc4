internal import Base
internal import Kernels
internal import Synchronization

/// A model's weights that are read anew for each pass, until they are packed.
final class UnpackedWeights: Sendable {
  /// What they share.
  let stream: WeightStream
  private let waiting = Mutex<[any StreamedWeights]>([])
  private let files: [SafetensorsFile]

  /// Of a model that so many threads compute, in these files.
  init(in files: [SafetensorsFile], threads: Int) {
    self.files = files
    stream = WeightStream(threads: threads)
  }

  /// Some more of them.
  func add(_ weights: any StreamedWeights) { waiting.withLock { $0.append(weights) } }

  /// Whether none is left.
  var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

  /// Packs one after the other, as long as that is wanted.
  func pack(
    _ kernels: Kernels, while isWanted: () -> Bool, progress: (Int) -> Void
  ) throws(FileError) {
    // What passes looked at is in memory of its own from now on.
    for file in files { file.stopLooking() }
    while isWanted(), let weights = waiting.withLock({ $0.popLast() }) {
      do throws(FileError) {
        try weights.pack(kernels, progress: progress)
      } catch {
        stream.fail(error)
        throw error
      }
    }
  }
}
