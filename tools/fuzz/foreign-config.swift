@testable import Base
@testable import Planner

/// Reads an input as a foreign config.json, and plans with it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    do {
      try plan(PlannedModel(config: path, name: path), seed: count)
    } catch let error as FileError {
      throw error
    } catch let error as any Explained {
      precondition(error.message(count % 2 == 0 ? .chinese : .english)?.isEmpty == false)
      precondition(error.status == ExitStatus.badData.rawValue || error.status == ExitStatus.usage.rawValue)
    } catch {
      preconditionFailure("an error that does not say itself: \(error)")
    }
  }
}

/// Asks for sums of all kinds, which add up or are refused.
private func plan(_ model: PlannedModel, seed: Int) throws {
  precondition(!model.groups.isEmpty && model.groups.allSatisfy { $0.layers > 0 })
  for context in [1, 4096, 1_000_000_000_000] {
    var question = MemoryQuestion(model)
    question.context = context
    question.batch = 1 + seed % 1000 * 1_000_000
    question.cacheType = Precision.allCases[seed % Precision.allCases.count]
    question.memory = 1 << (seed % 61)
    question.utilization = 0.9
    let answer = try MemoryAnswer(question)
    precondition(answer.bytesPerToken >= 0 && (answer.cacheBytes ?? 0) >= 0)
    precondition(answer.cacheBytes == answer.groups.compactMap(\.cacheBytes).reduce(0, +))
    precondition(answer.json.text.contains("groups") && answer.vLLM?.sentence.isEmpty != true)
  }
}
