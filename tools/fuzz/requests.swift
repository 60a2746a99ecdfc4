@testable import Base
@testable import TinyModel

/// The shape and the tokenizer that texts are served with.
private let served: (shape: ModelConfiguration, tokenizer: Tokenizer) = {
  do {
    let checkpoint = try Checkpoint(folder: "models/tiny-zh")
    return (checkpoint.configuration, try checkpoint.tokenizer())
  } catch {
    preconditionFailure("\(error)")
  }
}()

/// Reads an input as a script of requests, and schedules what could be read, with tokens that no model wrote.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  withFile(start, count) { path throws(FileError) in
    do throws(RequestScriptError) {
      let script = try RequestScript(reading: path)
      let size = 1 + count % 19
      let plan = try ServingPlan(
        script, tokenizer: served.tokenizer, shape: served.shape, blockSize: size,
        blocks: count % 3 == 0 ? 8 + count % 64 : nil, budget: 1 + count % 37)
      schedule(plan)
    } catch {
      // A message is made of every error, as a user would see it.
      precondition(!error.sentence(count % 2 == 0 ? .chinese : .english).isEmpty)
    }
  }
}

private func schedule(_ plan: ServingPlan) {
  var tables = BlockTables(blocks: plan.blocks, blockSize: plan.blockSize)
  var scheduler = Scheduler(
    plan.requests.map { (ids: $0.ids, arrives: $0.arrives) }, budget: plan.budget)
  // Each step computes something, so the tokens of all requests, computed again and again, bound the steps.
  for _ in 0..<2000 {
    guard let step = scheduler.next(&tables) else {
      precondition(tables.pool.references.allSatisfy { $0 == 0 })
      return
    }
    precondition(!step.turns.isEmpty || !step.preempted.isEmpty)
    precondition(step.turns.reduce(0) { $0 + $1.range.count } <= plan.budget)
    var finished: [Int] = []
    for turn in step.turns where scheduler.finish(turn) {
      let request = plan.requests[turn.request - 1]
      let written = scheduler.request(turn.request).ids.count - request.ids.count + 1
      if written == request.newTokens {
        finished.append(turn.request)
      } else {
        scheduler.write(written % 7, by: turn.request)
      }
    }
    for number in finished { scheduler.end(number, &tables) }
  }
}
