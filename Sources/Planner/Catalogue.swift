internal import Base

/// A machine of the tables: what its maker says, each number null where nobody does.
package struct PlannedMachine: Equatable, Sendable {
  /// The name that it is found by.
  package let name: String
  /// What it is called.
  package let title: String
  /// Bytes of its memory.
  package let memory: Sourced<Int>
  /// Bytes a second between memory and arithmetic.
  package let bandwidth: Sourced<Int>
  /// FLOP a second of dense FP16 or BF16 matrix products with sums in FP32.
  package let flops: Sourced<Int>
}

/// A number, and who says so.
package struct Sourced<Value: Sendable & Equatable>: Equatable, Sendable {
  /// nil: nobody says it.
  package let value: Value?
  /// Where it stands.
  package let source: String?
}

/// The tables of models and machines, which lie in the program as JSON.
package enum Catalogue {
  /// The models' rows.
  package static func models() throws -> [ModelRow] {
    let file = try whole(PackageResources.models_json, "models.json")
    let sources = try file.required("sources")
    return try file.required("models").elements().map { row in try ModelRow(row, sources) }
  }

  /// The machines.
  package static func machines() throws -> [PlannedMachine] {
    let file = try whole(PackageResources.machines_json, "machines.json")
    let sources = try file.required("sources")
    return try file.required("machines").elements().map { row in
      PlannedMachine(
        name: try row.required("name").text(), title: try row.required("title").text(),
        memory: try number("memory", row, sources),
        bandwidth: try number("bandwidth", row, sources), flops: try number("flops", row, sources))
    }
  }

  /// The model of a name; hyphens, and which case its letters have, do not matter.
  package static func model(_ name: String) throws -> PlannedModel? {
    try models().first { key($0.name) == key(name) }?.model()
  }

  /// The machine of a name.
  package static func machine(_ name: String) throws -> PlannedMachine {
    let machines = try machines()
    guard let machine = machines.first(where: { key($0.name) == key(name) }) else {
      throw PlannerError.unknownMachine(name, known: machines.map(\.name))
    }
    return machine
  }

  private static func key(_ name: String) -> String {
    name.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
  }

  private static func whole(_ bytes: [UInt8], _ name: String) throws(FileError) -> JSONField {
    JSONField(file: name, value: try JSON.parse(bytes, file: name))
  }

  /// `[value, source]` of a row, the source by its name.
  static func value(
    _ key: String, _ row: JSONField, _ sources: JSONField
  ) throws(FileError) -> (value: JSONField, source: String?) {
    let pair = try row.required(key).elements()
    guard pair.count == 2 else { throw try row.required(key).mustBe(.list) }
    guard !pair[1].value.isNull else { return (pair[0], nil) }
    return (pair[0], try sources.required(pair[1].text()).text())
  }

  private static func number(
    _ key: String, _ row: JSONField, _ sources: JSONField
  ) throws(FileError) -> Sourced<Int> {
    let (value, source) = try value(key, row, sources)
    return Sourced(value: value.value.isNull ? nil : try value.count(), source: source)
  }
}

/// A row of the table of models: a configuration whose every field has a source.
package struct ModelRow {
  /// The name that it is found by.
  package let name: String
  /// What it is called.
  package let title: String
  /// Its parameters, as they were counted elsewhere.
  package let parameters: Sourced<Int>
  /// Tokens of the longest text that it was made for.
  package let contextLength: Sourced<Int>
  /// Where each field of its configuration comes from.
  package let sources: [(field: String, source: String?)]
  private let config: JSONField

  fileprivate init(_ row: JSONField, _ known: JSONField) throws(FileError) {
    name = try row.required("name").text()
    title = try row.required("title").text()
    let count = try Catalogue.value("parameters", row, known)
    parameters = Sourced(value: try count.value.count(), source: count.source)
    let length = try Catalogue.value("context", row, known)
    contextLength = Sourced(value: try length.value.count(), source: length.source)
    let fields = try row.required("config")
    var values: [(key: String, value: JSON)] = []
    var sources: [(field: String, source: String?)] = []
    for (key, _) in try fields.fields() {
      let (value, source) = try Catalogue.value(key, fields, known)
      values.append((key, value.value))
      sources.append((key, source))
    }
    self.sources = sources
    config = JSONField(file: "models.json", path: name, value: .object(values))
  }

  /// What the configuration means.
  package func model() throws -> PlannedModel {
    var model = try PlannedModel(config, name: name, title: title)
    model.contextLength = contextLength.value
    return model
  }
}
