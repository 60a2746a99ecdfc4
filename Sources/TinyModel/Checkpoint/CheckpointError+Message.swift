internal import Base
internal import Kernels

extension CheckpointError {
  /// Whether there is nothing to read where something is needed: exit code 66.
  public var isMissingInput: Bool {
    switch self {
    case .cannotOpen, .notARegularFile, .notAFolder, .unknownModel, .noModels: true
    default: false
    }
  }

  /// Whether the device failed: exit code 74.
  ///
  /// What is neither this nor missing input is bad data: 65.
  public var isInputOutputFailure: Bool {
    if case .readFailed = self { true } else { false }
  }

  /// What is wrong, where, and what to do, in one sentence.
  ///
  /// Values from files are in it as they are; sanitise the whole before anyone sees it.
  public func message(chinese: Bool) -> String {
    chinese ? chineseMessage : englishMessage
  }

  private var englishMessage: String {
    switch self {
    case .cannotOpen(let file, let reason):
      "cannot open \(file) (\(reason.message(chinese: false))): check the path and its permissions"
    case .notARegularFile(let file):
      "\(file) is not a regular file: name a file, not a folder, pipe or device"
    case .notAFolder(let path):
      "\(path) is not a folder: name the model's folder, the one that holds config.json"
    case .unknownModel(let name, let searched):
      (name.isEmpty ? "the model's name is empty" : "no model \(clip(name))")
        + ": name a folder with a config.json, or one that `kvtui models` lists"
        + (searched.isEmpty ? "" : " (looked in \(searched.joined(separator: ", ")))")
    case .noModels(let searched):
      "no model found in \(searched.joined(separator: ", ")): set KVTUI_HOME to a folder whose models "
        + "folder has some, or name a model's folder with --model"
    case .readFailed(let file, let offset, let reason):
      "cannot read \(file) at byte \(offset) (\(reason.message(chinese: false))): check the disk and copy the file again"
    case .truncated(let file, let expected, let found):
      "\(file) has \(counted(found, "byte")) where \(expected) are needed: "
        + "it is cut short, download it again"
    case .tooManyBytes(let file, let bytes, let limit):
      "\(file) has \(counted(bytes, "byte")), more than the \(limit) that such a file can need: "
        + "check that it is the right file, or download it again"
    case .badJSON(let file, let line, let reason):
      "\(file)\(line > 0 ? ", line \(line)" : "") is not valid JSON (\(clip(reason))): "
        + "mend it or download it again"
    case .missingField(let file, let field):
      "\(file) has no field \(clip(field)): add it, or use a file that has it"
    case .notAnObject(let file, let found):
      "\(file) is \(clip(found)) and must be an object: correct it or download the file again"
    case .badField(let file, let field, let value, let expected):
      "\(file): the field \(clip(field)) is \(clip(value)) and must be \(expected.english): "
        + "correct it or download the file again"
    case .unsupported(let file, let field, let value, let supported):
      "\(file): the field \(clip(field)) is \(clip(value)), which kvtui does not support: "
        + "use a model whose \(clip(field)) is \(supported.joined(separator: " or "))"
    case .expressionFailed(let file, let field, let value, let reason):
      "\(file): the regular expression \(clip(value)) of \(clip(field)) fails on the text "
        + "(\(clip(reason))): give another text, or use another tokenizer"
    case .badHeader(let file, let flaw):
      "\(file) is no sound safetensors file (\(flaw.english)): download it again"
    case .badTensor(let file, let tensor, let flaw):
      "\(file): the tensor \(clip(tensor)) is bad (\(flaw.english)): \(flaw.englishWayOut)"
    case .missingTensor(let file, let tensor):
      "\(file) has no tensor \(clip(tensor)): use the weights that belong to this config.json"
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file): the tensor \(clip(tensor)) has shape \(shape(found)) and config.json asks for "
        + "\(shape(expected)): use the weights that belong to this config.json"
    case .tooLarge(let file, let type, let gigabytes, let memory):
      "\(file) takes \(whole(gigabytes)) GB as \(type.rawValue) and this machine has \(whole(memory)) GB of memory: "
        + "use a smaller model"
    case .notFinite(let model, let step):
      "the model \(model) computed a logit that is no finite number at step \(step): "
        + "its model.safetensors is damaged or too large for f32, use other weights"
    }
  }

  private var chineseMessage: String {
    switch self {
    case .cannotOpen(let file, let reason):
      "打不开 \(file)（\(reason.message(chinese: true))）：请检查路径和权限"
    case .notARegularFile(let file):
      "\(file) 不是普通文件：请给出文件，而不是文件夹、管道或设备"
    case .notAFolder(let path):
      "\(path) 不是文件夹：请给出模型所在的文件夹，也就是有 config.json 的那个"
    case .unknownModel(let name, let searched):
      (name.isEmpty ? "模型的名字是空的" : "没有模型 \(clip(name))")
        + "：请给出有 config.json 的文件夹，或 `kvtui models` 列出的名字"
        + (searched.isEmpty ? "" : "（找过 \(searched.joined(separator: "、"))）")
    case .noModels(let searched):
      "在 \(searched.joined(separator: "、")) 里没有模型：请把 KVTUI_HOME 设为 models 里有模型的文件夹，"
        + "或用 --model 给出模型的文件夹"
    case .readFailed(let file, let offset, let reason):
      "读 \(file) 的第 \(offset) 字节时出错（\(reason.message(chinese: true))）：请检查磁盘，重新复制这个文件"
    case .truncated(let file, let expected, let found):
      "\(file) 只有 \(found) 字节，应有 \(expected) 字节：文件不完整，请重新下载"
    case .tooManyBytes(let file, let bytes, let limit):
      "\(file) 有 \(bytes) 字节，超过这种文件可能需要的 \(limit) 字节：请检查是不是这个文件，或重新下载"
    case .badJSON(let file, let line, let reason):
      "\(file)\(line > 0 ? " 第 \(line) 行" : "")不是正确的 JSON（\(clip(reason))）：请改正或重新下载"
    case .missingField(let file, let field):
      "\(file) 里没有字段 \(clip(field))：请补上，或换一个有它的文件"
    case .notAnObject(let file, let found):
      "\(file) 是 \(clip(found))，应为对象：请改正或重新下载"
    case .badField(let file, let field, let value, let expected):
      "\(file)：字段 \(clip(field)) 是 \(clip(value))，应为\(expected.chinese)：请改正或重新下载"
    case .unsupported(let file, let field, let value, let supported):
      "\(file)：字段 \(clip(field)) 是 \(clip(value))，kvtui 不支持："
        + "请换用 \(clip(field)) 为 \(supported.joined(separator: " 或 ")) 的模型"
    case .expressionFailed(let file, let field, let value, let reason):
      "\(file)：字段 \(clip(field)) 的正则表达式 \(clip(value)) 在这段文本上失败（\(clip(reason))）："
        + "请换一段文本或换一个分词器"
    case .badHeader(let file, let flaw):
      "\(file) 不是完好的 safetensors 文件（\(flaw.chinese)）：请重新下载"
    case .badTensor(let file, let tensor, let flaw):
      "\(file)：张量 \(clip(tensor)) 有错（\(flaw.chinese)）：\(flaw.chineseWayOut)"
    case .missingTensor(let file, let tensor):
      "\(file) 里没有张量 \(clip(tensor))：请用与 config.json 配套的权重"
    case .wrongShape(let file, let tensor, let expected, let found):
      "\(file)：张量 \(clip(tensor)) 的形状是 \(shape(found))，config.json 要求 \(shape(expected))："
        + "请用与 config.json 配套的权重"
    case .tooLarge(let file, let type, let gigabytes, let memory):
      "\(file) 按 \(type.rawValue) 要占 \(whole(gigabytes)) GB，而本机内存只有 \(whole(memory)) GB：请换小一些的模型"
    case .notFinite(let model, let step):
      "模型 \(model) 第 \(step) 步算出的 logit 不是有限的数：model.safetensors 已损坏或超出 f32，请换权重"
    }
  }
}

extension CheckpointError.Expectation {
  fileprivate var english: String {
    switch self {
    case .object: "an object"
    case .list: "a list"
    case .boolean: "true or false"
    case .size(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .fraction: "a number above 0 and below 1"
    case .positive: "a finite number above 0"
    case .above(let value): "a number above \(value)"
    case .even: "an even number"
    case .divisor(let field, let value): "a divisor of \(field), which is \(value)"
    case .tokenID: "a token id, a whole number from 0"
    case .idBelow(let limit): "below vocab_size, which is \(limit) in config.json"
    case .unusedID: "an id that no other token has"
    case .denseIDs(let tokens): "an id in proportion to the \(tokens) tokens that there are"
    case .addedToken: "an object with an id and a content"
    case .vocabularyToken: "a token of model.vocab with the id that it has there"
    case .merge: "two tokens of model.vocab whose join is in it too"
    case .idInOrder(let id): "\(id), the next id behind the tokens before it"
    case .knownID: "the id of a token of this file"
    case .text: "a string"
    case .character: "a string of one character"
    case .oneOf(let names): names.map { "\"\($0)\"" }.joined(separator: " or ")
    case .pattern: "{\"String\": …} or {\"Regex\": …}"
    case .templatePiece: "{\"Sequence\": …} or {\"SpecialToken\": …}"
    case .regularExpression(let reason):
      "a regular expression that Oniguruma can compile (it says: \(clip(reason)))"
    case .siblingFile: "the name of a file in the same folder"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .object: "对象"
    case .list: "列表"
    case .boolean: " true 或 false"
    case .size(let range): " \(range.lowerBound) 到 \(range.upperBound) 的整数"
    case .fraction: "大于 0、小于 1 的数"
    case .positive: "大于 0 的有限数"
    case .above(let value): "大于 \(value) 的数"
    case .even: "偶数"
    case .divisor(let field, let value): " \(field)（\(value)）的约数"
    case .tokenID: "从 0 起的词元编号"
    case .idBelow(let limit): "小于 config.json 里 vocab_size（\(limit)）的数"
    case .unusedID: "别的词元没有用过的编号"
    case .denseIDs(let tokens): "与 \(tokens) 个词元相称的编号"
    case .addedToken: "有 id 和 content 的对象"
    case .vocabularyToken: " model.vocab 里的词元，编号也与那里相同"
    case .merge: " model.vocab 里的两个词元，且连起来也在其中"
    case .idInOrder(let id): " \(id)，即前面的词元之后的下一个编号"
    case .knownID: "本文件里某个词元的编号"
    case .text: "字符串"
    case .character: "只有一个字符的字符串"
    case .oneOf(let names): " " + names.map { "\"\($0)\"" }.joined(separator: " 或 ")
    case .pattern: " {\"String\": …} 或 {\"Regex\": …}"
    case .templatePiece: " {\"Sequence\": …} 或 {\"SpecialToken\": …}"
    case .regularExpression(let reason): " Oniguruma 能编译的正则表达式（它说：\(clip(reason))）"
    case .siblingFile: "同一文件夹里的文件名"
    }
  }
}

extension CheckpointError.HeaderFlaw {
  fileprivate var english: String {
    switch self {
    case .length(let length, let limit): "the header's length \(length) is not from 2 to \(limit)"
    case .badJSON(let reason): "its header is not valid JSON: \(clip(reason))"
    case .notAnObject: "the header is no JSON object"
    case .metadataNotAnObject: "__metadata__ is no object"
    case .metadataNotAString(let key): "__metadata__.\(clip(key)) is no string"
    case .bytesBehind(let count): "\(counted(count, "byte")) behind the last tensor"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .length(let length, let limit): "头部长度 \(length) 不在 2 到 \(limit) 之间"
    case .badJSON(let reason): "头部不是正确的 JSON：\(clip(reason))"
    case .notAnObject: "头部不是 JSON 对象"
    case .metadataNotAnObject: "__metadata__ 不是对象"
    case .metadataNotAString(let key): "__metadata__.\(clip(key)) 不是字符串"
    case .bytesBehind(let count): "最后一个张量后面还有 \(count) 字节"
    }
  }
}

extension CheckpointError.TensorFlaw {
  fileprivate var english: String {
    switch self {
    case .notAnObject: "its description is no object"
    case .field(let name): "\(name) is missing or malformed"
    case .unknownField(let name): "unknown field \(clip(name))"
    case .unknownType(let name): "unknown dtype \(clip(name))"
    case .notAWeightType(let name): "dtype \(name)"
    case .size(let size): "its shape holds \(clip(size))"
    case .tooManyElements: "its shape has too many elements"
    case .offsets(let start, let end): "data_offsets are [\(start), \(end)]"
    case .byteCount(let expected, let found):
      "\(counted(found, "byte")) where its shape takes \(expected)"
    case .overlap(let place): "it overlaps the tensor before it at byte \(place) of the data"
    case .hole(let place): "it leaves a hole behind byte \(place) of the data"
    case .notFinite: "an element is infinite or not a number"
    case .beyondType(let type): "an element is too large for \(type.rawValue)"
    }
  }

  fileprivate var chinese: String {
    switch self {
    case .notAnObject: "描述不是对象"
    case .field(let name): "缺少 \(name) 或格式不对"
    case .unknownField(let name): "不认识的字段 \(clip(name))"
    case .unknownType(let name): "不认识的 dtype \(clip(name))"
    case .notAWeightType(let name): "dtype 是 \(name)"
    case .size(let size): "形状里有 \(clip(size))"
    case .tooManyElements: "形状的元素太多"
    case .offsets(let start, let end): "data_offsets 是 [\(start), \(end)]"
    case .byteCount(let expected, let found): "有 \(found) 字节，形状需要 \(expected) 字节"
    case .overlap(let place): "与前一个张量在数据的第 \(place) 字节重叠"
    case .hole(let place): "数据的第 \(place) 字节之后有空隙"
    case .notFinite: "有元素是无穷大或不是数"
    case .beyondType(let type): "有元素太大，\(type.rawValue) 放不下"
    }
  }

  fileprivate var englishWayOut: String {
    switch self {
    case .notAWeightType: "use weights in F32, F16 or BF16"
    case .beyondType: "choose --dtype f32"
    default: "download it again"
    }
  }

  fileprivate var chineseWayOut: String {
    switch self {
    case .notAWeightType: "请用 F32、F16 或 BF16 的权重"
    case .beyondType: "请用 --dtype f32"
    default: "请重新下载"
    }
  }
}

/// The beginning of a text from a file, which may be as long as the file.
private func clip(_ text: String) -> String {
  let scalars = text.unicodeScalars
  return scalars.dropFirst(80).isEmpty ? text : String(scalars.prefix(80)) + "…"
}

/// "1 byte", "2 bytes".
private func counted(_ number: Int, _ thing: String) -> String {
  "\(number) \(thing)\(number == 1 ? "" : "s")"
}

/// Rounded up; far below what an `Int` holds.
private func whole(_ gigabytes: Double) -> Int { Int(gigabytes.rounded(.up)) }

private func shape(_ sizes: [Int]) -> String {
  "[" + sizes.prefix(8).map(String.init).joined(separator: ", ") + (sizes.count > 8 ? ", …]" : "]")
}
