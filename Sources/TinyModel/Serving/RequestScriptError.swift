public import Base

/// Why requests cannot be served.
public enum RequestScriptError: Equatable, Sendable {
  /// The script cannot be read, or a line of it is wrong.
  case file(FileError)
  /// It has no line.
  case noRequest(file: String)
  /// It has too many lines.
  case tooMany(file: String, requests: Int, most: Int)
  /// A prompt gives no token.
  case noToken(file: String, line: Int)
  /// The tokenizer fails on a prompt.
  case tokenizer(line: Int, FileError)
  /// A prompt outgrows the model's positions.
  case promptTooLong(file: String, line: Int, tokens: Int, contextLength: Int)
  /// Prompt and answer outgrow them.
  case tooManyTokens(file: String, line: Int, tokens: Int, most: Int, contextLength: Int)
  /// A block is longer than any text of the model.
  case blockTooLong(blockSize: Int, contextLength: Int)
  /// A request does not fit into the pool, even alone.
  case poolTooSmall(file: String, line: Int, needed: Int, blocks: Int, blockSize: Int)
  /// The pool and the passes need more than the `memory` bytes that there are.
  case beyondMemory(blocks: Int, bytes: Int, memory: Int)
}

extension RequestScriptError: Explained {
  /// 64 where an option is to blame, else what the script is.
  public var status: Int32 {
    switch self {
    case .file(let error), .tokenizer(_, let error): error.status
    case .blockTooLong, .poolTooSmall, .beyondMemory: ExitStatus.usage.rawValue
    default: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .file(let error): error.message(language)
    case .tokenizer(_, let error): error.message(language)
    case .noRequest(let file):
      language(
        "\(file) 里没有请求：请每行给一个，如 {\"prompt\":\"从前\",\"tokens\":8,\"arrives\":1}",
        "\(file) has no request: give one a line, such as {\"prompt\":\"Once\",\"tokens\":8,\"arrives\":1}"
      )
    case .tooMany(let file, let requests, let most):
      language(
        "\(file) 里有 \(requests) 个请求，最多 \(most) 个：请少给一些",
        "\(file) has \(requests) requests, and \(most) at most are served: give fewer")
    case .noToken(let file, let line):
      language(
        "\(file) 第 \(line) 行：字段 prompt 没有词元：请给出至少一个模型认识的字",
        "\(file), line \(line): the field prompt gives no token: give at least one character that the model knows"
      )
    case .promptTooLong(let file, let line, let tokens, let positions):
      language(
        "\(file) 第 \(line) 行：字段 prompt 有 \(tokens) 个词元，而模型只有 \(positions) 个位置：请缩短它",
        "\(file), line \(line): the field prompt has \(tokens) tokens, and the model has \(positions) positions: shorten it"
      )
    case .tooManyTokens(let file, let line, let tokens, let most, let positions):
      language(
        "\(file) 第 \(line) 行：字段 tokens 是 \(tokens)，而模型只有 \(positions) 个位置：最大为 \(most)，或缩短 prompt",
        "\(file), line \(line): the field tokens is \(tokens), and the model has \(positions) positions: "
          + "the most is \(most), or shorten the prompt")
    case .blockTooLong(let size, let positions):
      language(
        "--policy paged:\(size)：一块比模型的 \(positions) 个位置还长：B 最大为 \(positions)",
        "--policy paged:\(size): a block is longer than the model's \(positions) positions: the most is \(positions)"
      )
    case .poolTooSmall(let file, let line, let needed, let blocks, let size):
      language(
        "--blocks 是 \(blocks)，而 \(file) 第 \(line) 行的请求独自就要 \(needed) 块（每块 \(size) 个词元）：最小为 \(needed)",
        "--blocks is \(blocks), and the request of \(file), line \(line), takes \(needed) blocks of \(size) tokens alone: "
          + "the least is \(needed)")
    case .beyondMemory(let blocks, let bytes, let memory):
      language(
        "\(blocks) 块的池和各次计算要占 \(Self.megabytes(bytes))，而可用的内存只有 \(Self.megabytes(memory))：请用 --blocks 少给几块，或换小一些的模型",
        "a pool of \(blocks) blocks and its passes take \(Self.megabytes(bytes)), and there are \(Self.megabytes(memory)) "
          + "of memory to have: give fewer --blocks, or use a smaller model")
    }
  }

  private static func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000) MB" }
}
