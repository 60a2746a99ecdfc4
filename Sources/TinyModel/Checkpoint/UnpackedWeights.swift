internal import Base
internal import Kernels
internal import Synchronization

/// A model's weights that are read anew for each pass, until they are packed.
final class UnpackedWeights: Sendable {
  private struct State {
    var waiting: [any StreamedWeights] = []
    var progress = ReadingProgress(total: 0)
  }

  /// What they share.
  let stream: WeightStream
  private let state = Mutex(State())
  private let files: [SafetensorsFile]

  /// Of a model that so many threads compute, in these files.
  init(in files: [SafetensorsFile], threads: Int) {
    self.files = files
    stream = WeightStream(threads: threads)
  }

  /// Some more of them.
  func add(_ weights: any StreamedWeights) { state.withLock { $0.waiting.append(weights) } }

  /// How far reading has come without them.
  func goOn(behind progress: ReadingProgress) { state.withLock { $0.progress = progress } }

  /// Whether none is left.
  var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

  /// Packs one after the other, as long as that is wanted, and tells how far reading has come.
  func pack(
    _ kernels: Kernels, while isWanted: () -> Bool, report: (ReadingProgress) -> Void
  ) throws(FileError) {
    // What passes took for themselves is for the packed weights from now on.
    for file in files { file.stopLooking() }
    stream.giveBackRooms()
    while isWanted(), let weights = state.withLock({ $0.waiting.popLast() }) {
      do throws(FileError) {
        try weights.pack(kernels) { bytes in
          report(
            state.withLock { state in
              state.progress.take(bytes)
              return state.progress
            })
        }
      } catch {
        stream.fail(error)
        throw error
      }
    }
  }
}
