import Base
import Testing

@testable import Planner

/// Passes as arithmetic, held against closed forms and against what the parameters are.
@Suite struct PassWorkTests {
  @Test("Llama-2-7B: eight decode steps behind 1,024, a prefill of 512")
  func llama() throws {
    let model = try #require(try Catalogue.model("llama-2-7b"))
    // 32 layers, width 4096, inner 11008, 32,000 rows of the embedding.
    let layers = 32 * (4 * 4096 * 4096 + 3 * 4096 * 11008)
    let head = 32000 * 4096
    let gains = 65 * 4096
    let decode = try #require(PassWork(model, batch: 8, rows: 1, past: 1024))
    #expect(decode.flops == 8 * (2 * layers + 2 * head + 4 * 1025 * 4096 * 32))
    #expect(decode.weightBytes == 2 * (layers + head + gains))
    #expect(decode.keyValueBytes == 8 * 1025 * 524_288)
    let prefill = try #require(PassWork(model, batch: 1, rows: 512, past: 0))
    #expect(prefill.flops == 512 * 2 * layers + 2 * head + 4 * 512 * 512 * 4096 * 32)
    #expect(prefill.keyValueBytes == 512 * 524_288)
  }

  @Test("What is multiplied, the norms and the rows of the embedding are all parameters there are")
  func parameters() throws {
    var known = 0
    for model in try Catalogue.models().map({ try $0.model() }) {
      guard let shape = model.products, let all = model.parameters?.parameters else { continue }
      known += 1
      let rest = all - shape.layers - shape.head - shape.gains
      // Tied: nothing; else an embedding as large as the head.
      #expect(rest == 0 || rest == shape.head, "\(model.name) \(rest)")
    }
    #expect(known >= 6)
  }

  @Test("What has experts, windows, latents or biases is not known")
  func unknown() throws {
    for name in ["mixtral-8x7b", "gemma-3-27b", "deepseek-v3", "qwen2.5-7b", "gpt-2"] {
      let model = try #require(try Catalogue.model(name))
      #expect(PassWork(model, batch: 1, rows: 1, past: 1) == nil, "\(name)")
    }
  }
}
