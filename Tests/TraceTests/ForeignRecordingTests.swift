import Base
import Foundation
import Kernels
import Testing
import Trace
import Viz

/// Recordings that other programs wrote, held to the weights and outputs that those programs computed.
///
/// `tools/record/make_fixtures.py` makes them: of Hugging Face's models, and by hand with nothing but numpy and `safetensors`.
@Suite struct ForeignRecordingTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/recordings").path

  static var names: [String] {
    folderEntries(folder).filter { $0.hasSuffix(".kvtrace") }
      .map { String($0.dropLast(".kvtrace".count)) }.sorted()
  }

  private static func open(_ name: String) throws -> Trace {
    try Recording("\(folder)/\(name).kvtrace").trace
  }

  @Test("There are recordings of every kind")
  func kinds() {
    #expect(Self.names.count >= 12)
  }

  @Test("Weights and outputs are the reference's", arguments: names)
  func weights(name: String) throws {
    let trace = try Self.open(name)
    let expected = try SafetensorsFile("\(Self.folder)/\(name).expected.safetensors")
    let last = try #require(trace.steps.last)
    var layers = 0
    for layer in 0..<trace.model.layers {
      guard let weights = expected.entry("layer.\(layer).weights") else { continue }
      layers += 1
      #expect(trace.has(layer: layer))
      let (n, floats) = (weights.shape[1], try expected.floats(of: weights).floats)
      let outputs = try expected.entry("layer.\(layer).output").map { entry in
        (entry.shape[2], try expected.floats(of: entry).floats)
      }
      let heads = (0..<trace.model.heads).filter { trace.has(head: $0) }
      #expect(heads.count == weights.shape[0])
      for (place, head) in heads.enumerated() {
        for step in trace.steps {
          let attention = HeadAttention(trace, step: step, layer: layer, head: head)
          for row in step.number == last.number ? 0..<step.length : step.length - 1..<step.length {
            let own = attention.weights(ofRow: row)
            for key in 0..<step.length {
              let reference = floats[(place * n + row) * n + key]
              #expect(abs(own[key] - reference) < 1e-3, "\(name) \(layer) \(head) \(row) \(key)")
            }
            guard let (width, values) = outputs else { continue }
            for (index, value) in attention.output(ofRow: row).enumerated() {
              let reference = values[(place * n + row) * width + index]
              #expect(abs(value - reference) < 1e-3 * max(1, abs(reference)), "\(name)")
            }
          }
        }
      }
    }
    #expect(layers > 0)
  }

  @Test(
    "Of a layer or head that was not recorded every number is NaN", arguments: ["layers", "heads"])
  func missing(name: String) throws {
    let trace = try Self.open(name)
    let step = try #require(trace.steps.last)
    var missing = 0
    for layer in 0..<trace.model.layers {
      for head in 0..<trace.model.heads where !trace.has(layer: layer) || !trace.has(head: head) {
        let attention = HeadAttention(trace, step: step, layer: layer, head: head)
        let newest = step.length - 1
        #expect(attention.weights(ofRow: newest).count == step.length)
        #expect(attention.weights(ofRow: newest).allSatisfy { $0.isNaN })
        #expect(attention.query(newest).count == trace.model.headDimension)
        #expect(attention.value(newest).count == trace.model.valueDimension)
        missing += 1
      }
    }
    #expect(missing > 0)
  }

  @Test("Every key and size draws them, and what they do not say is a dash", arguments: names)
  func screens(name: String) throws {
    let trace = try Self.open(name)
    let replay = ReplayState(name: name, marks: [])
    for size in [
      Size(columns: 60, rows: 16), Size(columns: 80, rows: 24), Size(columns: 200, rows: 60),
    ] {
      var state = ViewerState(trace: trace, longest: trace.steps.last?.length ?? 1, replay: replay)
      for key in "Right Right ] } i Up Left Escape f f f d Right p Right Escape p o o c c End [ {"
        .split(separator: " ").compactMap({ Key(tmuxName: String($0)) })
      {
        state.update(.key(key))
        #expect(state.view(size).row(0).count == size.columns)
        #expect(trace.has(layer: state.layer) && trace.has(head: state.head))
      }
    }
  }

  @Test("A recording without counters says nothing of them", arguments: names)
  func unknown(name: String) throws {
    let trace = try Self.open(name)
    guard trace.steps.allSatisfy({ $0.cached.flops == nil }) else { return }
    let state = ViewerState(trace: trace, longest: trace.steps.count)
    let text = (0..<24).map { y in
      state.view(Size(columns: 80, rows: 24)).row(y).map(\.text).joined()
    }
    let lines = text.filter { $0.contains("KV 缓存") && $0.contains("–") }
    #expect(!lines.isEmpty && !text.joined().contains("逐位相同"))
    #expect(text.joined().contains("没有真跑") == trace.isOnePass)
    let json = StepFields.json(trace.steps[0]).text
    #expect(json.contains("\"total\":null") && json.contains("\"max_abs_difference\":null"))
  }
}
