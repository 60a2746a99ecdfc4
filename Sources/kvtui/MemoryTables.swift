internal import Base
internal import Planner
internal import Viz

/// The planner's tables for people: what can be named, with its numbers.
enum MemoryTables {
  /// Both tables.
  static func text(_ language: Language) throws -> String {
    let models = try Catalogue.models().map { row in try line(row) }
    let machines = try Catalogue.machines().map { line($0) }
    let blocks = [
      [
        language(
          "模型（--model）：参数、每个词元的缓存（16 位）、最长的文本",
          "models (--model): parameters, cache a token (16 bits), longest text")
      ]
        + models,
      [
        language(
          "机器（--gpu）：显存、带宽、算力（稠密 FP16）",
          "machines (--gpu): memory, bandwidth, arithmetic (dense FP16)")
      ]
        + machines,
      [
        language(
          "每个数的出处在 Sources/Planner/Data；没人说的是 –",
          "where each number comes from: Sources/Planner/Data; what nobody says is –")
      ],
    ]
    return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private static func line(_ row: ModelRow) throws -> String {
    let answer = try MemoryAnswer(MemoryQuestion(row.model()))
    let columns = [
      Quantity.count.text(Double(row.parameters.value ?? 0), .full),
      Quantity.binaryBytes.text(Double(answer.bytesPerToken), .full),
      Quantity.count.text(Double(row.contextLength.value ?? 0), .full),
    ]
    return line(row.name, columns)
  }

  private static func line(_ machine: PlannedMachine) -> String {
    func text(_ number: Sourced<Int>, _ quantity: Quantity) -> String {
      number.value.map { quantity.text(Double($0), .full) } ?? "–"
    }
    return line(
      machine.name,
      [
        text(machine.memory, .bytes), text(machine.bandwidth, .of("B/s")),
        text(machine.flops, .of("FLOP/s")),
      ])
  }

  private static func line(_ name: String, _ columns: [String]) -> String {
    "  " + name.padded(to: 20) + columns.map { $0.padded(to: 14, right: true) }.joined()
  }
}
