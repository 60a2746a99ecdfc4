package import Base

/// Why the planner gives no answer.
package enum PlannerError: Explained, Equatable {
  /// A configuration is of a kind that is not known.
  case unknownModelType(file: String, type: String)
  /// A layer does something that is not known.
  case unknownLayerType(file: String, field: String, type: String)
  /// A list of layers has another length than there are layers.
  case layerCount(file: String, field: String, found: Int, expected: Int)
  /// The fields contradict each other, or lead beyond all numbers.
  case beyond(what: String)
  /// No model of the tables has this name.
  case unknownModel(String, known: [String])
  /// No machine of the tables has this name.
  case unknownMachine(String, known: [String])

  package var status: Int32 {
    switch self {
    case .unknownModel: ExitStatus.noInput.rawValue
    case .unknownMachine, .beyond: ExitStatus.usage.rawValue
    case .unknownModelType, .unknownLayerType, .layerCount: ExitStatus.badData.rawValue
    }
  }

  package func message(_ language: Language) -> String? {
    switch self {
    case .unknownModelType(let file, let type):
      language(
        "\(file)：不认识 model_type \(type.clipped)，不猜它的缓存有多大；要是每层都存下每个词元的 K、V，请改给 --layers、--kv-heads 和 --d-head",
        "\(file): unknown model_type \(type.clipped), and the size of its cache is not guessed; "
          + "if every layer keeps K and V of every token, give --layers, --kv-heads and --d-head instead"
      )
    case .unknownLayerType(let file, let field, let type):
      language(
        "\(file)：\(field) 里有不认识的层（unknown layer type \(type.clipped)），不猜它存什么；要是每层都存下每个词元的 K、V，请改给 --layers、--kv-heads 和 --d-head",
        "\(file): unknown layer type \(type.clipped) in \(field), and what it keeps is not guessed; "
          + "if every layer keeps K and V of every token, give --layers, --kv-heads and --d-head instead"
      )
    case .layerCount(let file, let field, let found, let expected):
      language(
        "\(file)：\(field) 有 \(found) 项，而模型有 \(expected) 层；请改正或重新下载",
        "\(file): \(field) has \(found) entries and the model \(expected) layers; correct it or download the file again"
      )
    case .beyond(let what):
      language(
        "\(what) 算下来超过 2^63 字节；请给小一些的数",
        "\(what) come to more than 2^63 bytes; give smaller numbers")
    case .unknownModel(let name, let known):
      language(
        "没有叫 \(name.clipped) 的模型，也没有这个文件；请给 config.json、模型文件夹，或表里的 \(known.joined(separator: "、"))",
        "there is no model and no file \(name.clipped); give a config.json, a model's folder, or one of the table: "
          + known.joined(separator: ", "))
    case .unknownMachine(let name, let known):
      language(
        "没有叫 \(name.clipped) 的机器；请给表里的 \(known.joined(separator: "、"))",
        "there is no machine \(name.clipped); give one of the table: "
          + known.joined(separator: ", "))
    }
  }
}
