internal import Base
import TestSupport
import Testing
internal import Trace

@testable import Viz

/// Query heads that share K and V: what the screen says of it, and that it says nothing where they have their own.
@Suite struct SharedHeadsTests {
  private static let sizes = [ScreenLayout.smallest, .standard, .large, .huge]

  private func text(_ state: ViewerState, _ size: Size = .standard) -> String {
    state.view(size).cells.map(\.text).joined()
  }

  /// The strips of K and V and the outlines of the KV heads: all that is drawn of K and V on the screen.
  private func keysAndValues(_ canvas: Canvas) -> [String] {
    canvas.plainText.split(separator: "\n").compactMap { line -> String? in
      if let kv = line.firstRange(of: #/KV [\[ ] /#) { return String(line[kv.lowerBound...]) }
      guard let corner = line.firstRange(of: #/Q[1-4] ?K/#) else { return nil }
      return String(line[corner.lowerBound...].replacing(#/Q[1-4]/#, with: "Q"))
    }
  }

  @Test(
    "The header names both kinds of heads; the line below marks the head and whose K and V it reads"
  )
  func place() throws {
    let state = try Runs.gqa().state(step: 3)
    #expect(text(state).contains("tiny-zh-gqa · Llama · 4 层 × 4 头 (KV 2)"))
    let english = try Runs.gqa().state(step: 3, language: .english)
    #expect(text(english).contains("4 layers × 4 heads (KV 2)"))
    for (keys, queries, keyHeads, sentence) in [
      ("", "Q  [1] 2 │ 3  4", "KV [ 1  ]│  2", "GQA: query heads 1, 2 share K1, V1"),
      ("}", "Q   1 [2]│ 3  4", "KV [ 1  ]│  2", "GQA: query heads 1, 2 share K1, V1"),
      ("} }", "Q   1  2 │[3] 4", "KV   1   │[ 2  ]", "GQA: query heads 3, 4 share K2, V2"),
      ("} } }", "Q   1  2 │ 3 [4]", "KV   1   │[ 2  ]", "GQA: query heads 3, 4 share K2, V2"),
    ] {
      for size in Self.sizes {
        let shown = text(english.after(keys), size)
        for words in [queries, keyHeads, sentence] {
          #expect(shown.contains(words), "\(keys), \(size): \(words)")
        }
      }
    }
    let single = try text(Runs.mqa().state(step: 3).after("} }"))
    for words in ["Q   1  2 [3] 4", "KV [    1     ]", "MQA：查询头 1–4 共用 K1、V1"] {
      #expect(single.contains(words), "\(words)")
    }
  }

  @Test("Heads of their own say nothing of sharing, at any size")
  func unshared() throws {
    #expect(try text(Runs.window().state(step: 3)).contains("mistral · Mistral"))
    for run in try [Runs.chinaAlone(), Runs.window()] where !run.trace.model.sharesHeads {
      for size in Self.sizes {
        let shown = text(run.state(step: 3), size)
        for words in ["KV 4", "GQA", "MQA", "MHA", "K1", "V1", "KV ["] {
          #expect(!shown.contains(words), "\(size): \(words)")
        }
      }
    }
  }

  @Test(
    "Within a group another head has its own Q and scores and the same K and V, on the screen and in numbers"
  )
  func sameGroup() throws {
    for run in try [Runs.gqa(), Runs.mqa(), Runs.shared()] {
      let model = run.trace.model
      for layer in 0..<model.layers {
        for head in 1..<model.heads {
          let states = [head - 1, head].map { head in
            var state = run.state(step: 5)
            (state.layer, state.head) = (layer, head)
            return state
          }
          let isSame = model.kvHead(of: head) == model.kvHead(of: head - 1)
          let attentions = states.map { Scene($0).attention.head }
          for position in 0..<5 {
            #expect((attentions[0].key(position) == attentions[1].key(position)) == isSame)
            #expect((attentions[0].value(position) == attentions[1].value(position)) == isSame)
            #expect(attentions[0].query(position) != attentions[1].query(position))
          }
          let drawn = states.map { keysAndValues($0.view(.standard)) }
          #expect(drawn[0].count == 2, "\(drawn[0])")
          #expect((drawn[0] == drawn[1]) == isSame, "\(run.name) head \(head)")
          #expect(states[0].view(.standard) != states[1].view(.standard))
        }
      }
    }
  }

  @Test("The bytes are held against those of K and V for every query head, from what was counted")
  func bytes() throws {
    for (run, whole) in try [(Runs.gqa(), 2), (Runs.mqa(), 4), (Runs.shared(), 2)] {
      for step in [1, 3, 7] {
        let state = run.state(step: step, language: .english)
        let scene = Scene(state)
        let own = scene.bytesWithoutSharing(.cached)
        #expect(own == whole * run.trace.step(step).cached.cacheBytes.known)
        #expect(scene.bytesWithoutSharing(.uncached) == 0)
        #expect(text(state).contains("=MHA/\(whole)"))
        #expect(text(state, .large).contains("= 1/\(whole) of MHA"))
      }
      for moment in run.moments(ofStep: 2) {
        let scene = Scene(run.state(at: moment))
        #expect(
          scene.bytesWithoutSharing(.cached) == whole
            * scene.countersOfStep(.cached).cacheBytes.known)
      }
      // Nothing stored yet, nothing to compare.
      let first = try #require(run.moments(ofStep: 1).first)
      #expect(!text(run.state(at: first)).contains("MHA"))
    }
  }

  @Test(
    "A bundled model's run stores as many times fewer bytes than the one with heads of their own")
  func bundled() throws {
    let bytes = try [Runs.chinaAlone(), Runs.gqa(), Runs.mqa()].map {
      $0.trace.step(7).cached.cacheBytes.known
    }
    #expect(bytes[0] == 2 * bytes[1] && bytes[0] == 4 * bytes[2])
  }

  @Test("Where there is no room for all heads there are those of one KV head, and else words")
  func manyHeads() throws {
    let scene = try Scene(Runs.gqa().state(step: 3).after("} }"))
    var seen: [Int] = []
    for columns in 0...40 {
      guard let view = SharedHeadsView(scene, columns: columns) else { continue }
      #expect(view.columns <= columns)
      seen.append(view.columns)
      var canvas = Canvas(Size(columns: columns + 2, rows: 2))
      view.draw(at: Point(1, 0), on: &canvas)
      #expect(canvas.flaw == nil)
      let lines = canvas.plainText.split(separator: "\n").map { String($0.dropFirst()) }
      #expect(lines.allSatisfy { ScalarWidth.of($0) <= view.columns })
      if view.columns == 11 { #expect(lines == ["Q  [3] 4 /4", "KV [ 2  ]/2"]) }
    }
    #expect(Set(seen) == [11, 16])
    #expect(try SharedHeadsView(Scene(Runs.china().state(step: 3)), columns: 100) == nil)
  }

  @Test(
    "The maps of all heads name whose K and V each reads, a line between those of different ones")
  func maps() throws {
    let lines = try Runs.gqa().state(step: 7, language: .english).view(.large).plainText
    #expect(lines.contains("L1 Q1 K1  L1 Q2 K1  │ L1 Q3 K2  L1 Q4 K2"))
    let single = try Runs.mqa().state(step: 7, language: .english).view(.large).plainText
    #expect(single.contains("L1 Q1 K1  L1 Q2 K1  L1 Q3 K1  L1 Q4 K1"))
    #expect(
      try Runs.china().state(step: 7, language: .english).view(.large).plainText
        .contains("L1 H1     L1 H2     L1 H3     L1 H4"))
  }

  @Test("Vectors, the opened cell and the help say it too")
  func elsewhere() throws {
    let run = try Runs.gqa()
    let vectors = text(
      run.state(at: Moment(step: 3, layer: 0, operation: .queryKeyValue)).after("}"))
    for name in ["q2 = ", "k1 = ", "v1 = "] { #expect(vectors.contains(name)) }
    #expect(text(run.state(step: 3).after("} i")).contains("层 1 Q2 K1"))
    #expect(text(run.state(step: 3).after("?")).contains("GQA：几个查询头共用一个 KV 头"))
    #expect(!text(try Runs.china().state(step: 3).after("?")).contains("GQA"))
  }

  @Test("A fraction has no common factor")
  func reduced() {
    #expect(NumberText.reduced(3072, 6144) == (1, 2))
    #expect(NumberText.reduced(6, 4) == (3, 2))
    #expect(NumberText.reduced(7, 7) == (1, 1))
  }
}
