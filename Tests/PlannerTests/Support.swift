import Base
import TestSupport
import Testing

@testable import Planner

/// A fixture that Hugging Face or a script of its own made.
func fixture(_ name: String) throws -> JSONField {
  try JSONField(reading: Checkout.root + "/Tests/Fixtures/planner/" + name, limit: 1 << 20)
}

/// The model of a configuration that is written here.
func model(_ json: String) throws -> PlannedModel {
  let field = JSONField(file: "config.json", value: try JSON.parse(Array(json.utf8), file: "x"))
  return try PlannedModel(field, name: "x", title: "x")
}

/// The answer for a model of the table.
func answer(
  _ name: String, context: Int? = nil, _ change: (inout MemoryQuestion) -> Void = { _ in }
) throws -> MemoryAnswer {
  let model = try #require(try Catalogue.model(name))
  var question = MemoryQuestion(model)
  question.context = context
  change(&question)
  return try MemoryAnswer(question)
}
