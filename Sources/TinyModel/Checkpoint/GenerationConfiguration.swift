internal import Base

/// `generation_config.json`: what `generate` of Hugging Face goes by in place of `config.json`.
///
/// Its other fields say how to sample, which the command line says here.
struct GenerationConfiguration {
  /// Ids that end a sequence; none where the file names none, whatever `config.json` says.
  ///
  /// Source: `GenerationConfig.from_pretrained` of huggingface/transformers.
  let endOfSequence: [Int]

  /// Reads and checks a `generation_config.json`.
  init(path: String) throws(FileError) {
    let file = try JSONField(reading: path, limit: 1 << 20)
    try file.fields()
    endOfSequence = try file.ids("eos_token_id")
  }

  /// The one of a model's folder; nil where there is none, as in older folders.
  static func beside(configurationIn folder: String) throws(FileError)
    -> GenerationConfiguration?
  {
    let path = folder + "/generation_config.json"
    return PathKind(path) == .nothing ? nil : try GenerationConfiguration(path: path)
  }
}
