internal import Base
internal import TinyModel
internal import Trace
internal import Viz

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

// Measures what the screen promises: a key's frame within 5 ms (median) at 200 × 60, also in a run of 500 tokens, and the memory that
// this takes. First frames are measured on the process itself by script/bench.
//
//     swift run -c release kvtui-benchmarks MODEL
//
// Or how long a tokenizer.json takes to read, and a text to encode and decode (tools/bench/large_tokenizers.py makes some of both):
//
//     swift run -c release kvtui-benchmarks --tokenizer TOKENIZER.JSON TEXT
//
// Or whether decode steps allocate, which they must not:
//
//     swift run -c release kvtui-benchmarks --allocations MODEL

// Or how long a recording takes to open, and a key on its screen (tools/bench/large_recording.py makes a large one):
//
//     swift run -c release kvtui-benchmarks --recording FILE

/// Seconds that `work` took.
func seconds(_ work: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try work()
  return (ContinuousClock.now - start).inSeconds
}

/// The median, the 99th percentile and the maximum of frame times, in milliseconds.
func summary(_ times: [Double], of things: String = "keys") -> String {
  let sorted = times.sorted().map { $0 * 1000 }
  func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
  let last = sorted.count - 1
  return
    "median \(rounded(sorted[last / 2])) ms  p99 \(rounded(sorted[last * 99 / 100])) ms  max \(rounded(sorted[last])) ms  (\(sorted.count) \(things))"
}

func repeated(_ key: Key, _ count: Int) -> [Key] { Array(repeating: key, count: count) }

func characters(_ keys: String) -> [Key] { keys.map { .character($0) } }

/// The seconds that update and view take for each of some keys.
func frames(of keys: [[Key]], on state: inout ViewerState, size: Size) -> [Double] {
  keys.joined().map { key in
    seconds {
      state.update(.key(key))
      _ = state.view(size)
    }
  }
}

/// The largest resident size so far, in MiB.
func peakMemory() -> Int { PeakMemory.bytes >> 20 }

/// Runs a text, then presses keys at its end and times update and view of each.
func measureFrames(_ checkpoint: Checkpoint, tokens: Int) throws {
  let model = try Transformer(checkpoint)
  let tokenizer = try checkpoint.tokenizer()
  let text = String(repeating: "中华人民共和国成立于1949年10月1日，首都是北京。", count: 40)
  let ids = Array(try tokenizer.encode(text).prefix(tokens))
  let plan = try RunPlan(
    start: .text, ids: ids, newTokens: 0, contextLength: checkpoint.configuration.contextLength)
  let runner = LockStep(model: model, tokenizer: tokenizer, plan: plan)
  let computing = try seconds { while try runner.computeNextStep() != nil {} }
  print("run of \(tokens) tokens, both runs: \((computing * 1000).rounded()) ms")
  for size in [Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)] {
    var state = ViewerState(trace: runner.trace, longest: plan.longest)
    let times = frames(
      of: [
        [.end], repeated(.left, 40), characters("io]}dd"), repeated(.right, 60), repeated(.up, 20),
        [.end],
      ], on: &state, size: size)
    print("  update and view at \(size.columns) × \(size.rows): \(summary(times))")
  }
}

/// Reads a tokenizer, then encodes and decodes a text, each a few times; the least time is what it takes undisturbed.
func measureTokenizer(path: String, text: String) throws {
  var (reading, encoding, decoding): ([Double], [Double], [Double]) = ([], [], [])
  var tokens = 0
  for _ in 0..<5 {
    var tokenizer: Tokenizer?
    reading.append(try seconds { tokenizer = try Tokenizer(path: path) })
    guard let tokenizer else { continue }
    var ids: [Int] = []
    encoding.append(try seconds { ids = try tokenizer.encode(text) })
    decoding.append(seconds { _ = tokenizer.decode(ids) })
    tokens = ids.count
  }
  func rounded(_ seconds: Double) -> String { "\((seconds * 10_000).rounded() / 10) ms" }
  func summary(_ times: [Double]) -> String {
    "first \(rounded(times.first ?? 0))  least \(rounded(times.min() ?? 0))"
  }
  print("read    \(summary(reading))")
  print("encode  \(summary(encoding))  \(text.utf8.count) bytes, \(tokens) tokens")
  print("decode  \(summary(decoding))")
}

/// The text of a file.
func text(path: String) throws -> String {
  String(decoding: try RegularFile(path).allBytes(limit: .max), as: UTF8.self)
}

let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--tokenizer" {
  try measureTokenizer(path: arguments[2], text: text(path: arguments[3]))
  print("peak memory of all this: \(peakMemory()) MiB")
  exit(0)
}
if arguments.count == 3, arguments[1] == "--recording" {
  try measureRecording(path: arguments[2])
  print("peak memory of all this: \(peakMemory()) MiB")
  exit(0)
}
if arguments.count == 3, arguments[1] == "--allocations" {
  let checkpoint = try Checkpoint(folder: arguments[2])
  var isNone = try countAllocations(checkpoint)
  if checkpoint.configuration.latent != nil {
    print("expanded:")
    isNone = try countAllocations(Checkpoint(folder: arguments[2], form: .expanded)) && isNone
  }
  exit(isNone ? 0 : 1)
}
let checkpoint = try Checkpoint(folder: arguments.count > 1 ? arguments[1] : "models/tiny-zh")
for tokens in [16, 500] { try measureFrames(checkpoint, tokens: tokens) }
print("peak memory of all this: \(peakMemory()) MiB")
