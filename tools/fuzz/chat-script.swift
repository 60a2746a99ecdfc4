@testable import Base
@testable import Kernels
@testable import TinyModel
import Trace

/// Reads an input as a script of questions, and asks the bundled model what could be read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  do {
    let script = try ChatScript(
      Array(UnsafeBufferPointer(start: start, count: count)), file: "talk")
    let conversation = Conversation(
      model: model, tokenizer: tokenizer, format: TurnFormat(.chinese), tokens: 2)
    for line in script.lines.prefix(8) { try answer(line.entry, conversation) }
  } catch {
    // A message is made of every error, as a user would see it.
    guard let error = error as? any Explained else { preconditionFailure("\(error)") }
    precondition(!error.sentence(count % 2 == 0 ? .chinese : .english).isEmpty)
  }
  return 0
}

private let (model, tokenizer): (Transformer, Tokenizer) = {
  do {
    let checkpoint = try Checkpoint(folder: "models/tiny-zh")
    return (try Transformer(checkpoint, pool: .single), try checkpoint.tokenizer())
  } catch {
    preconditionFailure("\(error)")
  }
}()

private func answer(_ entry: ChatScript.Entry, _ conversation: Conversation) throws {
  let turn: ConversationTurn
  switch entry {
  case .question(let question): turn = try conversation.ask(question)
  case .edit(let number, let question):
    turn = try conversation.edit(turn: number, question: question)
  case .begin(let question):
    try conversation.begin()
    turn = try conversation.ask(question)
  }
  precondition(
    turn.agrees && turn.reused < turn.prompt.count && turn.withReuse <= turn.withoutReuse)
  precondition(
    turn.computed == turn.prompt.count - turn.reused + turn.fed && turn.question == entry.question)
}
