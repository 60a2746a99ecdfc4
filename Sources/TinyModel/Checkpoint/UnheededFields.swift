public import Base

/// Fields of a model's folder that Hugging Face goes by and this program does not: what they ask for is said, once.
public struct UnheededFields: Equatable, Sendable {
  private let generation: Generation?
  private let beginning: Beginning?

  /// `generation_config.json`, and each field of it with its value.
  struct Generation: Equatable, Sendable {
    let file: String
    let fields: [String]
  }

  /// `tokenizer_config.json`, and the token that it wants in front of every text.
  private struct Beginning: Equatable, Sendable {
    let file: String
    let token: String
  }

  /// Reads what a folder asks for; nil where there is nothing to say.
  init?(in folder: String, _ tokenizer: Tokenizer) {
    generation = Self.generation(folder + "/generation_config.json")
    beginning = Self.beginning(folder + "/tokenizer_config.json", tokenizer)
    if generation == nil, beginning == nil { return nil }
  }

  /// What greedy decoding does not change, by field: the values that ask for nothing.
  private static let neutral: [(field: String, number: Double)] = [
    ("repetition_penalty", 1), ("no_repeat_ngram_size", 0), ("num_beams", 1), ("min_length", 0),
    ("min_new_tokens", 0), ("bad_words_ids", 0), ("suppress_tokens", 0),
    ("begin_suppress_tokens", 0), ("sequence_bias", 0), ("forced_bos_token_id", -1),
    ("forced_eos_token_id", -1),
  ]

  /// What is of sampling, and says something where tokens are sampled.
  private static let sampling = ["temperature", "top_k", "top_p", "min_p", "typical_p"]

  /// The fields of a `generation_config.json` that ask for something; nil where none does, and where it is none.
  static func generation(_ path: String) -> Generation? {
    guard let file = try? JSONField(reading: path, limit: 1 << 20) else { return nil }
    let value = file.value
    var fields: [String] = []
    if case .boolean(true)? = value["do_sample"] {
      fields.append("do_sample true")
      fields += sampling.compactMap { field in
        value[field].flatMap { $0.isNull ? nil : "\(field) \($0.summary)" }
      }
    }
    for (field, number) in neutral {
      guard let asked = value[field], !asked.isNull, asked.number != number,
        asked.elements?.isEmpty != true
      else { continue }
      fields.append("\(field) \(asked.summary)")
    }
    return fields.isEmpty ? nil : Generation(file: path, fields: fields)
  }

  private static func beginning(_ path: String, _ tokenizer: Tokenizer) -> Beginning? {
    guard let file = try? JSONField(reading: path, limit: 16 << 20),
      case .boolean(true)? = file.value["add_bos_token"], let token = file.value["bos_token"],
      let text = token.string ?? token["content"]?.string,
      let around = try? tokenizer.encode(""), around.isEmpty
    else { return nil }
    return Beginning(file: path, token: text)
  }
}

extension UnheededFields: Explained {
  /// Nothing is wrong.
  public var status: Int32 { 0 }

  /// What is asked for, and what is done.
  public func message(_ language: Language) -> String? {
    [generationMessage(language), beginningMessage(language)].compactMap(\.self)
      .joined(separator: language("。", ". "))
  }

  /// The same as a screen has room for: by the names of files, in a line or two.
  public func notice(_ language: Language) -> String {
    var parts: [String] = []
    if let generation {
      let list = list(generation.fields, language)
      parts.append(
        language("generation_config.json 要求 \(list)", "generation_config.json asks for \(list)"))
    }
    if let beginning {
      let token = beginning.token.clipped
      parts.append(
        language(
          "tokenizer_config.json 要求文本前加 \(token)",
          "tokenizer_config.json asks for \(token) in front of a text"))
    }
    let end = language("：kvtui 不照做", ": kvtui does not do so")
    return parts.joined(separator: language("，", ", ")) + end
  }

  private func list(_ fields: [String], _ language: Language) -> String {
    fields.prefix(8).map(\.clipped).joined(separator: language("、", ", "))
  }

  private func generationMessage(_ language: Language) -> String? {
    guard let generation else { return nil }
    let list = list(generation.fields, language)
    return language(
      "注意：\(generation.file) 要求 \(list)，kvtui 不照做：怎样选词元只看命令行（--temperature、--top-k，默认每次取最可能的）",
      "note: \(generation.file) asks for \(list), and kvtui does not do so: the command line alone says how tokens are chosen "
        + "(--temperature, --top-k; by default the likeliest)")
  }

  private func beginningMessage(_ language: Language) -> String? {
    guard let beginning else { return nil }
    let (file, token) = (beginning.file, beginning.token.clipped)
    return language(
      "注意：\(file) 里 add_bos_token 是 true，而 tokenizer.json 不在文本前加 \(token)；"
        + "kvtui 和 transformers 5 一样只看 tokenizer.json，transformers 4 会加：要加的话，请把 \(token) 写在文本开头",
      "note: \(file) has add_bos_token true, and tokenizer.json puts no \(token) in front of a text; "
        + "kvtui goes by tokenizer.json, as transformers 5 does, and transformers 4 puts it there: "
        + "to have it, begin the text with \(token)")
  }
}
