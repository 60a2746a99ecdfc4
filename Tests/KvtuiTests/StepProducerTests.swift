import Foundation
internal import Base
import Kernels
import Testing
import TinyModel
internal import Trace

@testable import kvtui

/// Steps are computed beside the screen, and no longer than somebody wants them.
@Suite struct StepProducerTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A run of 200 steps, whose weights are not read.
  private static func run() throws -> OpenedRun {
    let source = try ModelSource(model: root + "/models/tiny-zh", random: nil, seed: 0)
    let tokenizer = try source.tokenizer()
    let plan = try RunPlan(
      start: .prompt, ids: tokenizer.encodeStart("中华"), newTokens: 200,
      contextLength: source.configuration.contextLength, ignoresEndOfSequence: true)
    return OpenedRun(
      model: OpenedModel(source, .f32, .single), tokenizer: tokenizer, plan: plan)
  }

  private static func producer(_ wake: WakePipe) throws -> StepProducer {
    StepProducer(try run(), wake: wake)
  }

  private static func poll(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<2000 {
      if try condition() { return true }
      usleep(5000)
    }
    return false
  }

  @Test("What is wanted is computed, from the first step on, and said through the pipe")
  func computes() throws {
    let wake = try WakePipe()
    let producer = try Self.producer(wake)
    #expect(try producer.trace().steps.isEmpty)
    producer.want(3)
    #expect(try Self.poll { try producer.trace().steps.count == 3 })
    var byte: UInt8 = 0
    #expect(read(wake.readEnd, &byte, 1) == 1)
  }

  @Test("Weights that nobody has read are read beside the screen; what was known before stays")
  func readsWeights() throws {
    let run = try Self.run()
    let before = run.beginning
    let producer = StepProducer(run, wake: try WakePipe())
    producer.want(1)
    #expect(try Self.poll { try producer.trace().steps.count == 1 })
    let reading = try #require(producer.progress.amount?.reading)
    #expect(reading.isOver && reading.read == reading.total)
    #expect(try reading.total == Checkpoint(folder: Self.root + "/models/tiny-zh").weightBytes)
    let (model, known) = (try producer.trace().model, before.model)
    #expect(known.parameters == nil && model.parameters != nil)
    #expect((known.name, known.dtype) == (model.name, model.dtype))
    #expect(known.rules == model.rules && known.layers == model.layers)
    #expect(try producer.trace().tokens.prefix(before.tokens.count).elementsEqual(before.tokens))
    #expect(run.beginning.model == model)
  }

  /// A GPT-2 of one layer whose weights, 82 MB, are zeros that take no room on the disk.
  private static func writeLarge(to folder: URL) throws {
    let (vocabulary, width, inner, positions) = (40_000, 512, 32, 128)
    let matrices = [
      ("attn.c_attn", width, 3 * width), ("attn.c_proj", width, width), ("mlp.c_fc", width, inner),
      ("mlp.c_proj", inner, width),
    ]
    var tensors = [("wte.weight", [vocabulary, width]), ("wpe.weight", [positions, width])]
    tensors += matrices.flatMap { name, rows, columns in
      [("h.0.\(name).weight", [rows, columns]), ("h.0.\(name).bias", [columns])]
    }
    tensors += ["h.0.ln_1", "h.0.ln_2", "ln_f"].flatMap { norm in
      ["weight", "bias"].map { ("\(norm).\($0)", [width]) }
    }
    let file = SafetensorsWriter(tensors.map { ($0.0, .float32, $0.1) })
    let weights = folder.appending(path: "model.safetensors")
    try Data(file.head).write(to: weights)
    #expect(truncate(weights.path, off_t(file.head.count + file.dataCount)) == 0)
    let configuration = """
      {"model_type": "gpt2", "n_layer": 1, "n_head": 8, "n_embd": \(width), "n_inner": \(inner),
       "n_positions": \(positions), "vocab_size": \(vocabulary)}
      """
    try Data(configuration.utf8).write(to: folder.appending(path: "config.json"))
    try Data(#"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}"#.utf8)
      .write(to: folder.appending(path: "tokenizer.json"))
  }

  @Test(
    "The first step of large weights is there before they are packed; its seconds come behind that")
  func previews() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "kvtui-large-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.writeLarge(to: folder)
    func run(tokens: Int) throws -> OpenedRun {
      let source = try ModelSource(model: folder.path, random: nil, seed: 0)
      let plan = try RunPlan(
        start: .prompt, ids: (0..<tokens).map { $0 % 2 }, newTokens: 3,
        contextLength: source.configuration.contextLength, ignoresEndOfSequence: true)
      return OpenedRun(
        model: OpenedModel(source, .f32, .single), tokenizer: try source.tokenizer(), plan: plan)
    }
    #expect(try run(tokens: 65).preview(StepProgress()) == nil, "a long step is computed once")
    let short = try run(tokens: 64)
    let preview = try #require(try short.preview(StepProgress()))
    let first = try #require(preview.steps.first)
    #expect(preview.steps.count == 1 && first.lanes.allSatisfy { $0.seconds == nil })
    let producer = StepProducer(short, wake: try WakePipe())
    producer.want(1)
    #expect(
      try Self.poll {
        try producer.trace().steps.first?.lanes.allSatisfy { $0.seconds != nil } == true
      })
    let timed = try #require(try producer.trace().steps.first)
    #expect(timed.chosen == first.chosen && timed.fed == first.fed)
    #expect(timed.lanes.map(\.counter) == first.lanes.map(\.counter))
    #expect(producer.progress.amount?.reading?.isOver == true)
    #expect(try short.preview(StepProgress()) == nil, "packed weights need none")
  }

  @Test("A producer that is cancelled computes no further")
  func cancelled() throws {
    let producer = try Self.producer(try WakePipe())
    producer.want(200)
    #expect(try Self.poll { try !producer.trace().steps.isEmpty })
    producer.cancel()
    usleep(200_000)
    let steps = try producer.trace().steps.count
    usleep(300_000)
    #expect(try producer.trace().steps.count == steps && steps < 200)
    producer.want(200)
    usleep(200_000)
    #expect(try producer.trace().steps.count == steps, "for good")
  }

  @Test("Both ends of the pipe are given back when the last holder is gone, working or not")
  func descriptors() throws {
    let open = { (descriptor: Int32) in fcntl(descriptor, F_GETFD) >= 0 }
    var end: Int32 = -1
    do {
      let wake = try WakePipe()
      end = wake.readEnd
      let producer = try Self.producer(wake)
      producer.want(200)
      #expect(open(end))
      producer.cancel()
    }
    #expect(Self.poll { !open(end) })
  }
}
