package import Base
internal import Planner

/// A published model of a form of attention: what a token takes in its cache, by arithmetic on its shape; it is not run.
package struct PublishedForm: Sendable, Equatable {
  /// `MHA`, `GQA`, `MQA` or `MLA`.
  package let form: String
  /// What the model is called.
  package let title: String
  /// Bytes of a token in fp16, over all layers.
  package let bytesPerToken: Int

  /// One for each form, by their names in the planner's table.
  private static let names = [
    ("MHA", "llama-2-7b"), ("GQA", "llama-3-8b"), ("MQA", "gemma-1-2b"), ("MLA", "deepseek-v3"),
  ]

  /// A model for each form.
  package static func all() throws -> [PublishedForm] {
    try names.compactMap { form, name in
      guard let model = try Catalogue.model(name) else { return nil }
      var question = MemoryQuestion(model)
      question.cacheType = .fp16
      return PublishedForm(
        form: form, title: model.title, bytesPerToken: try MemoryAnswer(question).bytesPerToken)
    }
  }

  /// What `--json` says of it.
  package var json: JSONText {
    .object([
      ("type", .string("computed")), ("form", .string(form)), ("model", .string(title)),
      ("dtype", .string(Precision.fp16.rawValue)), ("bytes_per_token", .integer(bytesPerToken)),
    ])
  }
}
