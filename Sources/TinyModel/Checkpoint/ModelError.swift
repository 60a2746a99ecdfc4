public import Base
public import Kernels

/// Why a model could not be found, held or run.
public enum ModelError: Equatable, Sendable {
  /// One of its files cannot be used.
  case file(FileError)
  /// A file stands where a model's folder is needed; the folder around it, where that is one.
  case notAFolder(path: String, folder: String? = nil)
  /// Neither a folder nor the name of a known model.
  case unknownModel(name: String, searched: [String])
  /// There is no model where models are looked up.
  case noModels(searched: [String])
  /// The weights as `type` are more than the machine's memory; both in 10⁹ bytes.
  case tooLarge(file: String, type: WeightType, gigabytes: Double, memory: Double)
  /// The model computed a logit that is not a finite number.
  case notFinite(model: String, step: Int)
}

extension ModelError {
  /// Does what reads a model's files; what is wrong with one of them is wrong with the model.
  public static func reading<Value>(
    _ read: () throws(FileError) -> Value
  ) throws(ModelError) -> Value {
    do throws(FileError) {
      return try read()
    } catch {
      throw .file(error)
    }
  }
}

extension ModelError: Explained {
  /// 66 where there is no model, else as the file's error says, else 65.
  public var status: Int32 {
    switch self {
    case .file(let error): error.status
    case .notAFolder, .unknownModel, .noModels: ExitStatus.noInput.rawValue
    case .tooLarge, .notFinite: ExitStatus.badData.rawValue
    }
  }

  /// What is wrong, where, and what to do.
  public func message(_ language: Language) -> String? {
    switch self {
    case .file(let error): error.message(language)
    case .notAFolder(let path, let folder):
      language(
        "\(path) 不是文件夹：请给出模型所在的文件夹，也就是有 config.json 的那个"
          + (folder.map { "：--model \($0)" } ?? ""),
        "\(path) is not a folder: name the model's folder, the one that holds config.json"
          + (folder.map { ": --model \($0)" } ?? ""))
    case .unknownModel(let name, let searched):
      language(
        (name.isEmpty ? "模型的名字是空的" : "没有模型 \(name.clipped)")
          + "：请给出有 config.json 的文件夹，或 `kvtui models` 列出的名字"
          + (searched.isEmpty ? "" : "（找过 \(searched.joined(separator: "、"))）"),
        (name.isEmpty ? "the model's name is empty" : "no model \(name.clipped)")
          + ": name a folder with a config.json, or one that `kvtui models` lists"
          + (searched.isEmpty ? "" : " (looked in \(searched.joined(separator: ", ")))"))
    case .noModels(let searched):
      language(
        "在 \(searched.joined(separator: "、")) 里没有模型：请把 KVTUI_HOME 设为 models 里有模型的文件夹，"
          + "或用 --model 给出模型的文件夹",
        "no model found in \(searched.joined(separator: ", ")): set KVTUI_HOME to a folder whose models "
          + "folder has some, or name a model's folder with --model")
    case .tooLarge(let file, let type, let gigabytes, let memory):
      language(
        "\(file) 按 \(type.rawValue) 至少要占 \(roundedUp(gigabytes)) GB，而可用的内存只有 \(roundedUp(memory)) GB：请换小一些的模型",
        "\(file) takes at least \(roundedUp(gigabytes)) GB as \(type.rawValue) and there are \(roundedUp(memory)) GB of memory to have: "
          + "use a smaller model")
    case .notFinite(let model, let step):
      language(
        "模型 \(model) 第 \(step) 步算出的 logit 不是有限的数：model.safetensors 已损坏或超出 f32，请换权重",
        "the model \(model) computed a logit that is no finite number at step \(step): "
          + "its model.safetensors is damaged or too large for f32, use other weights")
    }
  }

  /// In 10⁹ bytes, rounded up; one digit behind the point where the number is small.
  private func roundedUp(_ gigabytes: Double) -> String {
    if gigabytes >= 10 { return "\(Int(gigabytes.rounded(.up)))" }
    let tenths = Int((gigabytes * 10).rounded(.up))
    return "\(tenths / 10).\(tenths % 10)"
  }
}
