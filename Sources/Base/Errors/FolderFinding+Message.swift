extension FolderFinding {
  /// That `file` is not there, what there is, and what to do.
  func message(without file: String, _ language: Language) -> String {
    let place = ModelPlace(of: file)
    let beginning = language("没有 \(file)", "there is no \(file)")
    return beginning + rest(place, language)
  }

  private func rest(_ place: ModelPlace, _ language: Language) -> String {
    switch self {
    case .brokenLink:
      language(
        "，同名的链接指的文件不在，多半没有下载完：请重新下载，\(place.download(language))",
        ", the link of that name leads to no file, as a download that was broken off leaves it: download it again, \(place.download(language))"
      )
    case .adapter(let base):
      language(
        "，这是一个 LoRA 适配器，只有对 \(base?.clipped ?? "原来的模型") 的改动：请用 Python 合并成完整的模型，\(place.merging(base, language))",
        ", the folder is a LoRA adapter, only what fine-tuning changed of \(base?.clipped ?? "another model"): merge the two with Python, \(place.merging(base, language))"
      )
    case .gguf(let name):
      language(
        "，只有 \(name.clipped)，给 llama.cpp、Ollama 用的 GGUF 文件：\(ModelPlace.original(language))",
        ", only \(name.clipped), a GGUF file for llama.cpp and Ollama: \(ModelPlace.original(language))"
      )
    case .cachedModels(let names):
      language(
        "，这是 Hugging Face 的缓存，里面有几个模型：请用 --model 给出其中一个，\(place.paths(names))",
        ", the folder is Hugging Face's cache of several models: name one of them with --model, \(place.paths(names))"
      )
    case .models(let names):
      language(
        "，模型在里面的文件夹中：请用 --model 给出它，\(place.paths(names))",
        ", the model is in a folder inside: name it with --model, \(place.paths(names))")
    case .weights(let name):
      language(
        "，只有权重 \(name.clipped)：请把它也从模型的网页下载到这个文件夹，\(place.downloadOfFile(language))",
        ", only the weights \(name.clipped): download it, too, from the model's page into this folder, \(place.downloadOfFile(language))"
      )
    case .shards(let names, let all):
      shards(names, all, place, language)
    case .index:
      language(
        "，而 model.safetensors.index.json 里有它，多半没有下载完：请重新下载，\(place.download(language))",
        ", which model.safetensors.index.json names, as a download that was broken off leaves it: download it again, \(place.download(language))"
      )
    case .otherNames(let names) where names.count == 1:
      language(
        "，有 \(names[0].clipped)：如果它就是这个模型的全部权重，请改名，\(place.renaming(names[0], language))",
        ", but \(names[0].clipped): if that holds all weights of this model, give it the name, \(place.renaming(names[0], language))"
      )
    case .otherNames(let names):
      language(
        "，有 \(list(names, language))：请把装着这个模型全部权重的那个改名为 \(place.name)",
        ", but \(list(names, language)): give the one that holds all weights of this model the name \(place.name)"
      )
    case .pyTorch(let name):
      language(
        "，只有 PyTorch 格式的 \(name.clipped)，kvtui 不读：请用 Python 转换一次，\(place.saving("AutoModelForCausalLM", language))",
        ", only \(name.clipped), PyTorch's format, which kvtui does not read: use Python once to convert it, \(place.saving("AutoModelForCausalLM", language))"
      )
    case .otherFormat(let name):
      language(
        "，只有 \(name.clipped)，这种格式 kvtui 不读：\(ModelPlace.original(language))",
        ", only \(name.clipped), a format that kvtui does not read: \(ModelPlace.original(language))"
      )
    case .slowTokenizer(let names):
      language(
        "，只有旧格式的分词器 \(list(names, language))：请用 Python 转换一次，\(place.saving("AutoTokenizer", language))",
        ", only a tokenizer in an older format, \(list(names, language)): use Python once to convert it, \(place.saving("AutoTokenizer", language))"
      )
    case .others(let names, _) where names.isEmpty:
      language(
        "，文件夹是空的：请下载模型，\(place.download(language))",
        ", the folder is empty: download the model, \(place.download(language))")
    case .others(let names, let count):
      language(
        "，文件夹里有 \(list(names, of: count, language))：请给出有 config.json、model.safetensors 和 tokenizer.json 的文件夹，或者下载缺的文件，\(place.download(language))",
        ", the folder has \(list(names, of: count, language)): name one that has config.json, model.safetensors and tokenizer.json, or download what is missing, \(place.download(language))"
      )
    }
  }

  private func shards(
    _ names: [String], _ all: Int, _ place: ModelPlace, _ language: Language
  ) -> String {
    let index = "model.safetensors.index.json"
    guard names.count >= all else {
      return language(
        "，权重分成 \(all) 个文件，这里只有 \(names.count) 个：请把其余的和 \(index) 也下载来，\(place.download(language))",
        ", the weights are \(all) files, of which \(names.count == 1 ? "one is" : "\(names.count) are") here: download the others, and \(index), \(place.download(language))"
      )
    }
    return language(
      "，权重分成 \(all) 个文件，缺少写着哪个张量在哪个文件里的 \(index)：请把它从模型的网页下载到这个文件夹，\(place.download(language, only: index))",
      ", the weights are \(all) files, and \(index), which says what is in which, is missing: download it from the model's page into this folder, \(place.download(language, only: index))"
    )
  }

  private func list(_ names: [String], of count: Int? = nil, _ language: Language) -> String {
    let shown = names.prefix(3).map(\.clipped).joined(separator: language("、", ", "))
    return shown + ((count ?? names.count) > min(names.count, 3) ? language("等", ", …") : "")
  }
}

extension FileKind {
  /// That `file` is of this kind, and what to do.
  func message(of file: String, _ language: Language) -> String {
    let place = ModelPlace(of: file)
    return switch self {
    case .lfsPointer:
      language(
        "\(file) 只是 Git LFS 的指针，不是文件本身：请在这个文件夹里运行 git lfs pull，或者重新下载，\(place.download(language))",
        "\(file) is only a pointer of Git LFS, not the file itself: use git lfs pull in its folder, or download it, \(place.download(language))"
      )
    case .gguf:
      language(
        "\(file) 是给 llama.cpp、Ollama 用的 GGUF 文件，kvtui 读 Hugging Face 的文件夹：\(ModelPlace.original(language))",
        "\(file) is a GGUF file for llama.cpp and Ollama, and kvtui reads folders of Hugging Face: \(ModelPlace.original(language))"
      )
    case .webPage:
      language(
        "\(file) 是一个网页，不是文件本身：请重新下载，\(place.download(language))",
        "\(file) is a web page, not the file itself: download it again, \(place.download(language))"
      )
    case .pyTorch:
      language(
        "\(file) 是 PyTorch 格式的文件，只是换了名字：请改名为 pytorch_model.bin，再用 Python 转换一次，\(place.saving("AutoModelForCausalLM", language))",
        "\(file) is a file of PyTorch under another name: give it the name pytorch_model.bin and use Python once to convert it, \(place.saving("AutoModelForCausalLM", language))"
      )
    case .hdf5:
      language(
        "\(file) 是 Keras、TensorFlow 的 HDF5 文件：\(ModelPlace.original(language))",
        "\(file) is an HDF5 file of Keras and TensorFlow: \(ModelPlace.original(language))")
    case .link(let target):
      language(
        "\(file) 里只有一行字 \(target.clipped)，它本是符号链接，复制时变成了文字：请重新下载，\(place.download(language))",
        "\(file) holds only the words \(target.clipped), a symbolic link that became a text when it was copied: download it again, \(place.download(language))"
      )
    }
  }
}
