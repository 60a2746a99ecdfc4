import Foundation
internal import Base
import Testing
import TinyModel
internal import Trace

@testable import kvtui

/// Steps are computed beside the screen, and no longer than somebody wants them.
@Suite struct StepProducerTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// A producer of a run of 200 steps.
  private static func producer(_ wake: WakePipe) throws -> StepProducer {
    let checkpoint = try Checkpoint(folder: root + "/models/tiny-zh")
    let model = try Transformer(checkpoint)
    let tokenizer = try checkpoint.tokenizer()
    let plan = try RunPlan(
      start: .prompt, ids: tokenizer.encodeStart("中华"), newTokens: 200,
      contextLength: model.configuration.contextLength, ignoresEndOfSequence: true)
    return StepProducer(LockStep(model: model, tokenizer: tokenizer, plan: plan), wake: wake)
  }

  private static func poll(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<2000 {
      if try condition() { return true }
      usleep(5000)
    }
    return false
  }

  @Test("What is wanted is computed, from the first step on, and said through the pipe")
  func computes() throws {
    let wake = try WakePipe()
    let producer = try Self.producer(wake)
    #expect(try producer.trace().steps.isEmpty)
    producer.want(3)
    #expect(try Self.poll { try producer.trace().steps.count == 3 })
    var byte: UInt8 = 0
    #expect(read(wake.readEnd, &byte, 1) == 1)
  }

  @Test("A producer that is cancelled computes no further")
  func cancelled() throws {
    let producer = try Self.producer(try WakePipe())
    producer.want(200)
    #expect(try Self.poll { try !producer.trace().steps.isEmpty })
    producer.cancel()
    usleep(200_000)
    let steps = try producer.trace().steps.count
    usleep(300_000)
    #expect(try producer.trace().steps.count == steps && steps < 200)
    producer.want(200)
    usleep(200_000)
    #expect(try producer.trace().steps.count == steps, "for good")
  }

  @Test("Both ends of the pipe are given back when the last holder is gone, working or not")
  func descriptors() throws {
    let open = { (descriptor: Int32) in fcntl(descriptor, F_GETFD) >= 0 }
    var end: Int32 = -1
    do {
      let wake = try WakePipe()
      end = wake.readEnd
      let producer = try Self.producer(wake)
      producer.want(200)
      #expect(open(end))
      producer.cancel()
    }
    #expect(Self.poll { !open(end) })
  }
}
