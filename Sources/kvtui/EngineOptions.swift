internal import ArgumentParser
internal import Kernels

/// How a model is held and computed; neither changes what the two runs have in common, to the bit.
struct EngineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "权重用什么类型（默认照文件里的；求和都是 f32）",
        "what the weights are held as (by default as they are stored; sums are f32)"),
      valueName: "TYPE"))
  var dtype: Choice<WeightType>?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "几个线程算大的层（默认每个处理器一个，最多 8 个）",
        "threads for large layers (one for each processor, at most 8, by default)"),
      valueName: "N"))
  var threads: String?

  /// What the matrices are to be held as; nil where nothing was said.
  func givenWeightType() throws(CommandError) -> WeightType? { try dtype?.value(of: "--dtype") }

  /// What the matrices of a model are to be held as.
  func weightType(of source: ModelSource) throws(CommandError) -> WeightType {
    try givenWeightType() ?? source.storedType
  }

  /// The threads that are to compute.
  func pool() throws(CommandError) -> ThreadPool {
    guard let threads else { return .shared }
    return ThreadPool(
      threads: try NumberArgument.whole(threads, of: "--threads", in: 1...ThreadPool.most))
  }
}
