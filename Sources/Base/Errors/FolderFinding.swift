/// What lies in a model's folder where one of the model's files does not.
///
/// Names are those of entries of the folder.
public enum FolderFinding: Equatable, Sendable {
  /// A symbolic link of the file's name that leads nowhere.
  case brokenLink
  /// An adapter (LoRA): what was learned beside a model that lies elsewhere; the model's name as the adapter says it.
  case adapter(base: String?)
  /// A GGUF file, or one of Ollama's blobs.
  case gguf(String)
  /// Several models of Hugging Face's cache.
  case cachedModels([String])
  /// Folders that hold a model.
  case models([String])
  /// Weights alone.
  case weights(String)
  /// Some of several files of weights, of so many in all, and no index of them.
  case shards([String], all: Int)
  /// An index that names the file as one of several.
  case index
  /// Files of weights of other names.
  case otherNames([String])
  /// Weights as `torch.save` writes them, of the name that `transformers` gives them.
  case pyTorch(String)
  /// Weights of another format.
  case otherFormat(String)
  /// What a tokenizer of the same model was made of.
  case slowTokenizer([String])
  /// Nothing of these: the first names, and how many there are.
  case others([String], count: Int)
}
