extension String {
  /// Whether it names a run's recording, which is made here and not downloaded.
  fileprivate var isRecording: Bool { hasSuffix(".kvtrace") }
}

extension FileError: Explained {
  /// 66 where there is nothing to read, 74 where the device failed, else 65.
  public var status: Int32 {
    switch self {
    case .cannotOpen, .notThere, .notARegularFile: ExitStatus.noInput.rawValue
    case .readFailed: ExitStatus.inputOutput.rawValue
    default: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong, where, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .cannotOpen(let file, let reason):
      language(
        "打不开 \(file)（\(reason.reason(language))）：请检查路径和权限",
        "cannot open \(file) (\(reason.reason(language))): check the path and its permissions")
    case .notThere(let file, let found): found.message(without: file, language)
    case .otherKind(let file, let kind): kind.message(of: file, language)
    case .notARegularFile(let file):
      language(
        "\(file) 不是普通文件：请给出文件，而不是文件夹、管道或设备",
        "\(file) is not a regular file: name a file, not a folder, pipe or device")
    case .readFailed(let file, let offset, let reason):
      language(
        "读 \(file) 的第 \(offset) 字节时出错（\(reason.reason(language))）：请检查磁盘，重新复制这个文件",
        "cannot read \(file) at byte \(offset) (\(reason.reason(language))): check the disk and copy the file again"
      )
    case .truncated(let file, let expected, let found):
      language(
        "\(file) 只有 \(found) 字节，应有 \(expected) 字节：文件不完整，请重新\(file.isRecording ? "录制" : "下载")",
        "\(file) has \(counted(found, "byte")) where \(expected) are needed: "
          + "it is cut short, \(file.isRecording ? "record" : "download") it again")
    case .tooManyBytes(let file, let bytes, let limit):
      language(
        "\(file) 有 \(bytes) 字节，超过这种文件可能需要的 \(limit) 字节：请检查是不是这个文件，或重新下载",
        "\(file) has \(counted(bytes, "byte")), more than the \(limit) that such a file can need: "
          + "check that it is the right file, or download it again")
    case .badJSON(let file, let line, let reason):
      language(
        "\(file)\(line > 0 ? " 第 \(line) 行" : "")不是正确的 JSON（\(reason.clipped)）：请改正或重新下载",
        "\(file)\(line > 0 ? ", line \(line)" : "") is not valid JSON (\(reason.clipped)): "
          + "mend it or download it again")
    case .missingField(let file, let field):
      language(
        "\(file) 里没有字段 \(field.clipped)：请补上，或换一个有它的文件",
        "\(file) has no field \(field.clipped): add it, or use a file that has it")
    case .notAnObject(let file, let found):
      language(
        "\(file) 是 \(found.clipped)，应为对象：请改正或重新下载",
        "\(file) is \(found.clipped) and must be an object: correct it or download the file again")
    case .badField(let file, let field, let value, let expected):
      language(
        "\(file)：字段 \(field.clipped) 是 \(value.clipped)，应为\(expected.wording(language))：请改正或重新下载",
        "\(file): the field \(field.clipped) is \(value.clipped) and must be \(expected.wording(language)): "
          + "correct it or download the file again")
    case .unsupported(let file, let field, let value, let supported):
      language(
        "\(file)：字段 \(field.clipped) 是 \(value.clipped)，kvtui 不支持："
          + "请换用 \(field.clipped) 为 \(supported.joined(separator: " 或 ")) 的模型",
        "\(file): the field \(field.clipped) is \(value.clipped), which kvtui does not support: "
          + "use a model whose \(field.clipped) is \(supported.joined(separator: " or "))")
    case .quantised(let file, let method, let bits): quantised(file, method, bits, language)
    case .foreignTokenizer(let file, let fields): foreignTokenizer(file, fields, language)
    case .expressionFailed(let file, let field, let value, let reason):
      language(
        "\(file)：字段 \(field.clipped) 的正则表达式 \(value.clipped) 在这段文本上失败（\(reason.clipped)）："
          + "请换一段文本或换一个分词器",
        "\(file): the regular expression \(value.clipped) of \(field.clipped) fails on the text "
          + "(\(reason.clipped)): give another text, or use another tokenizer")
    case .noToken(let file, let text):
      language(
        "\(file) 里没有 \(text.clipped) 的词元，也没有代表未知字词的词元：请换一段文本或换一个分词器",
        "\(file) has no token for \(text.clipped), and none for what is unknown: "
          + "give another text, or use another tokenizer")
    case .badHeader(let file, let flaw):
      language(
        "\(file) 不是完好的 safetensors 文件（\(flaw.wording(language))）：请重新下载",
        "\(file) is no sound safetensors file (\(flaw.wording(language))): download it again")
    case .badTensor(let file, let tensor, let flaw):
      language(
        "\(file)：张量 \(tensor.clipped) 有错（\(flaw.wording(language))）：\(flaw.wayOut(language))",
        "\(file): the tensor \(tensor.clipped) is bad (\(flaw.wording(language))): \(flaw.wayOut(language))"
      )
    case .missingTensor(let file, let tensor, let nearest):
      missingTensor(file, tensor, nearest, language)
    case .untied(let file, let missing, let present):
      language(
        "\(file) 里有 \(present)，没有 \(missing)，而 config.json 没有写两者是同一个矩阵："
          + "是的话，请在 config.json 里写上 \"tie_word_embeddings\": true；不是的话，权重不完整，请重新下载",
        "\(file) has \(present) and no \(missing), and config.json does not say that the two are one matrix: "
          + "if they are, write \"tie_word_embeddings\": true into config.json; if not, the weights are incomplete, "
          + "download them again")
    case .ambiguousTensor(let file, let tensors):
      language(
        "\(file) 里同时有 \(tensors.map(\.clipped).joined(separator: " 和 "))，指的是同一个张量："
          + "请用 Python 重新保存，\(ModelPlace(of: file).saving("AutoModelForCausalLM", language))",
        "\(file) has both \(tensors.map(\.clipped).joined(separator: " and ")), which name the same tensor: "
          + "use Python to save the model again, \(ModelPlace(of: file).saving("AutoModelForCausalLM", language))"
      )
    case .wrongShape(let file, let tensor, let expected, let found):
      language(
        "\(file)：张量 \(tensor.clipped) 的形状是 \(shape(found))，config.json 要求 \(shape(expected))："
          + "请用与 config.json 配套的权重",
        "\(file): the tensor \(tensor.clipped) has shape \(shape(found)) and config.json asks for "
          + "\(shape(expected)): use the weights that belong to this config.json")
    }
  }
}

extension FileError {
  /// Of weights in few bits, which somebody made of others.
  private func quantised(
    _ file: String, _ method: String?, _ bits: Int?, _ language: Language
  ) -> String {
    let name = method?.clipped ?? ""
    let size = bits.map { language(" \($0) 位", " to \(counted($0, "bit"))") } ?? ""
    return language(
      "\(file)：权重量化过（\(name)\(size)），kvtui 读 F32、F16、BF16 的权重："
        + "请用没有量化的原模型（模型的网页上有它的名字），",
      "\(file): the weights are quantised\(name.isEmpty ? "" : " by \(name)")\(size), and kvtui reads F32, F16 and BF16: "
        + "use the model that they were made of, which the model's page names, ")
      + "hf download \(language("作者/模型", "OWNER/NAME")) --local-dir \(language("文件夹", "DIR"))"
  }

  private func foreignTokenizer(
    _ file: String, _ fields: [String], _ language: Language
  ) -> String {
    let some = fields.prefix(3).map(\.clipped).joined(separator: language("、", ", "))
    let line = ModelPlace(of: file).downloadOfFile(language)
    return language(
      "\(file) 不是 Hugging Face tokenizers 的分词器：里面没有字段 model\(some.isEmpty ? "" : "，有 \(some)")："
        + "请换成这个模型的 tokenizer.json，\(line)",
      "\(file) is no tokenizer of Hugging Face's tokenizers: it has no field model\(some.isEmpty ? "" : ", but \(some)"): "
        + "use the model's own in its place, \(line)")
  }

  /// Of a tensor that is not there; one whose name is only longer was renamed by what wrapped the model.
  private func missingTensor(
    _ file: String, _ tensor: String, _ nearest: String?, _ language: Language
  ) -> String {
    guard let nearest else {
      return language(
        "\(file) 里没有张量 \(tensor.clipped)：请用与 config.json 配套的权重",
        "\(file) has no tensor \(tensor.clipped): use the weights that belong to this config.json")
    }
    return language(
      "\(file) 里没有张量 \(tensor.clipped)，最接近的是 \(nearest.clipped)",
      "\(file) has no tensor \(tensor.clipped); the nearest is \(nearest.clipped)")
      + TensorWrapper.wayOut(nearest, language)
  }
}

extension FileError.HeaderFlaw {
  fileprivate func wording(_ language: Language) -> String {
    switch self {
    case .length(let length, let limit):
      language(
        "头部长度 \(length) 不在 2 到 \(limit) 之间",
        "the header's length \(length) is not from 2 to \(limit)")
    case .badJSON(let reason):
      language(
        "头部不是正确的 JSON：\(reason.clipped)",
        "its header is not valid JSON: \(reason.clipped)")
    case .notAnObject:
      language(
        "头部不是 JSON 对象",
        "the header is no JSON object")
    case .metadataNotAnObject:
      language(
        "__metadata__ 不是对象",
        "__metadata__ is no object")
    case .metadataNotAString(let key):
      language(
        "__metadata__.\(key.clipped) 不是字符串",
        "__metadata__.\(key.clipped) is no string")
    case .bytesBehind(let count):
      language(
        "最后一个张量后面还有 \(count) 字节",
        "\(counted(count, "byte")) behind the last tensor")
    }
  }
}

extension FileError.TensorFlaw {
  fileprivate func wording(_ language: Language) -> String {
    switch self {
    case .notAnObject:
      language(
        "描述不是对象",
        "its description is no object")
    case .field(let name):
      language(
        "缺少 \(name) 或格式不对",
        "\(name) is missing or malformed")
    case .unknownField(let name):
      language(
        "不认识的字段 \(name.clipped)",
        "unknown field \(name.clipped)")
    case .unknownType(let name):
      language(
        "不认识的 dtype \(name.clipped)",
        "unknown dtype \(name.clipped)")
    case .notAWeightType(let name):
      language(
        "dtype 是 \(name)",
        "dtype \(name)")
    case .size(let size):
      language(
        "形状里有 \(size.clipped)",
        "its shape holds \(size.clipped)")
    case .tooManyElements:
      language(
        "形状的元素太多",
        "its shape has too many elements")
    case .offsets(let start, let end):
      language(
        "data_offsets 是 [\(start), \(end)]",
        "data_offsets are [\(start), \(end)]")
    case .byteCount(let expected, let found):
      language(
        "有 \(found) 字节，形状需要 \(expected) 字节",
        "\(counted(found, "byte")) where its shape takes \(expected)")
    case .overlap(let place):
      language(
        "与前一个张量在数据的第 \(place) 字节重叠",
        "it overlaps the tensor before it at byte \(place) of the data")
    case .hole(let place):
      language(
        "数据的第 \(place) 字节之后有空隙",
        "it leaves a hole behind byte \(place) of the data")
    case .notFinite:
      language(
        "有元素是无穷大或不是数",
        "an element is infinite or not a number")
    case .beyondType(let type):
      language(
        "有元素太大，\(type) 放不下",
        "an element is too large for \(type)")
    }
  }

  fileprivate func wayOut(_ language: Language) -> String {
    switch self {
    case .notAWeightType: language("请用 F32、F16 或 BF16 的权重", "use weights in F32, F16 or BF16")
    case .beyondType: language("请用 --dtype f32", "choose --dtype f32")
    default: language("请重新下载", "download it again")
    }
  }
}

extension String {
  /// The beginning of a text from a file, which may be as long as the file.
  package var clipped: String {
    unicodeScalars.dropFirst(80).isEmpty ? self : String(unicodeScalars.prefix(80)) + "…"
  }
}

private func shape(_ sizes: [Int]) -> String {
  "[" + sizes.prefix(8).map(String.init).joined(separator: ", ") + (sizes.count > 8 ? ", …]" : "]")
}
