internal import Kernels
import Testing

@testable import TinyModel
internal import Trace

/// The comparison of both runs finds a difference wherever one is.
@Suite struct RowCheckTests {
  /// Rows as the recorder keeps them of three steps: two tokens, one, one.
  private func recorded(_ shape: ModelConfiguration, _ rows: [[Float]]) -> [Activations] {
    [0..<2, 2..<3, 3..<4].map { range in
      let recorder = RowRecorder(shape)
      let buffer = FloatBuffer(rows[range].flatMap { $0 })
      for layer in 0..<shape.layers {
        recorder.saw(queryKeyValue: buffer.pointer, rows: range.count, layer: layer)
      }
      return recorder.rows
    }
  }

  @Test(arguments: [Float.nan, 5, 1e-6]) func aDifferenceInAnyElementIsSeen(wrong: Float) throws {
    let folder = try TemporaryFolder()
    try folder.write(GPT2Shape(layers: 2, heads: 1, headDimension: 3), seed: 1)
    let shape = try Checkpoint(folder: folder.path).configuration
    let rows: [[Float]] = (0..<4).map { row in (0..<9).map { Float(10 * row + $0) } }
    let reference = recorded(shape, rows)
    for place in 0..<36 {
      var floats = rows.flatMap { $0 }
      let check = RowCheck(shape, reference: reference, kernels: .best)
      let right = FloatBuffer(floats)
      check.saw(queryKeyValue: right.pointer, rows: 4, layer: 0)
      #expect(check.maxAbsDifference == 0)
      floats[place] = wrong == 1e-6 ? floats[place].nextUp : wrong + 100
      let expected = abs(floats[place] - right.floats[place])
      let buffer = FloatBuffer(floats)
      check.saw(queryKeyValue: buffer.pointer, rows: 4, layer: 1)
      check.saw(queryKeyValue: right.pointer, rows: 4, layer: 0)
      let seen = check.maxAbsDifference
      #expect(wrong.isNaN ? seen.isNaN : seen == expected, "place \(place)")
    }
  }
}
