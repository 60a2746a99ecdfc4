package import CKernels

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// The C kernels as compiled for an instruction set, shared out among the threads of a pool.
///
/// Every instruction set and any number of threads give the same bits, so both change speed only.
package struct Kernels: Sendable {
  /// What is called.
  package let table: ck_kernels
  /// Who computes.
  package let pool: ThreadPool

  /// The kernels for an instruction set that this machine has.
  package init(_ instructionSet: InstructionSet = .best, pool: ThreadPool = .single) {
    self.init(instructionSet.kernels, pool: pool)
  }

  /// The kernels of a table.
  package init(_ table: ck_kernels, pool: ThreadPool = .single) {
    self.table = table
    self.pool = pool
  }

  /// Those for the best instruction set of this machine, on the caller's thread.
  package static let best = Kernels()

  /// In place on one row: softmax of scores × scale over the first `visible` of `length` columns, 0 behind them.
  package func softmax(
    _ scores: UnsafeMutablePointer<Float>, visible: Int, length: Int, scale: Float
  ) { table.softmax(scores, visible, length, scale) }

  /// In place on one row: cap × tanh(score × scale / cap).
  package static func softCap(
    _ scores: UnsafeMutablePointer<Float>, count: Int, scale: Float, cap: Float
  ) {
    // The same code for every cell, whatever the length.
    for cell in 0..<count { scores[cell] = cap * tanhf(scores[cell] * scale / cap) }
  }

  /// Copies K and V of tokens to where they are kept.
  ///
  /// - Returns: how many tokens were stored, over all heads.
  package func store(_ tokens: ck_tokens) -> Int { table.store(pool.pool, tokens) }

  /// Dot products of each query with each key: `scores[rows × group][stride]`.
  ///
  /// `query` is `[rows]`, `queryStride` floats apart, of `group` heads side by side; `keys` lie in panels (`KeyPanels`);
  /// `stride` is at least `KeyPanels.padded(length)`. What was done is added to `work[group]`.
  package func scores(
    query: UnsafePointer<Float>, rows: Int, queryStride: Int, group: Int = 1,
    keys: UnsafePointer<Float>, length: Int, headDimension: Int,
    into scores: UnsafeMutablePointer<Float>, stride: Int, work: UnsafeMutablePointer<ck_work>
  ) {
    precondition(stride >= KeyPanels.padded(length), "\(length) scores in rows of \(stride)")
    let queries = ck_queries(first: query, rows: rows, row_stride: queryStride, group: group)
    table.scores(queries, keys, length, headDimension, scores, stride, work)
  }

  /// Sums of weight × value over the positions, for the weights of `scores`.
  ///
  /// `values` is `[length][valueStride]`, zeros beyond the head's width; `out` is `[rows]`, `outStride` floats apart, of
  /// `group` heads side by side, of which only some `columns` may be wanted, the first of which begins a vector. What was
  /// done is added to `work[group]`.
  package func weightedValues(
    weights: UnsafePointer<Float>, stride: Int, values: UnsafePointer<Float>, valueStride: Int,
    length: Int, headDimension: Int, columns: Range<Int>? = nil,
    into out: UnsafeMutablePointer<Float>, rows: Int, outStride: Int, group: Int = 1,
    work: UnsafeMutablePointer<ck_work>
  ) {
    let columns = columns ?? 0..<headDimension
    precondition(columns.lowerBound % ValueRows.vector == 0, "\(columns) in vectors")
    let outputs = ck_outputs(
      first: out + columns.lowerBound, rows: rows, row_stride: outStride, group: group,
      head_stride: headDimension)
    table.weighted_values(
      weights, stride, values + columns.lowerBound, valueStride, length, columns.count, outputs,
      work)
  }

  /// `out[rows][width]` = norm of `x`.
  package func norm(
    _ x: UnsafePointer<Float>, rows: Int, _ norm: Norm, into out: UnsafeMutablePointer<Float>
  ) {
    switch norm {
    case .layer(let norm):
      table.layer_norm(
        pool.pool, x, rows, norm.gain.count, norm.gain.pointer, norm.bias?.pointer,
        norm.epsilon, out)
    case .rootMeanSquare(let norm):
      table.rms_norm(
        pool.pool, x, rows, norm.gain.count, norm.gain.pointer, norm.epsilon, out)
    }
  }

  /// In place on `[rows]`, `rowStride` floats apart, of `heads` heads side by side: the norm of each head by itself.
  package func normHeads(
    _ x: UnsafeMutablePointer<Float>, rows: Int, rowStride: Int, heads: Int, _ norm: RMSNorm
  ) {
    table.head_norm(
      pool.pool, x, rows, rowStride, heads, norm.gain.count, norm.gain.pointer,
      norm.epsilon)
  }

  /// In place on one token's `heads` heads of `headDimension`: turns the pairs of their first `turned` elements by the
  /// angles of a position, whose cosines and sines are `[turned / 2]`; nil turns whole heads.
  package func rotate(
    _ x: UnsafeMutablePointer<Float>, heads: Int, headDimension: Int, turned: Int? = nil,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>
  ) {
    table.rotate(x, heads, headDimension, turned ?? headDimension, cosines, sines)
  }

  /// In place on `[rows][width]`: `gate = activation(gate) × up`.
  package func gate(
    _ gate: UnsafeMutablePointer<Float>, up: UnsafePointer<Float>, rows: Int, width: Int,
    _ activation: GateActivation
  ) {
    switch activation {
    case .silu: table.silu_multiply(pool.pool, gate, up, rows, width)
    case .geluTanh: table.gelu_tanh_multiply(pool.pool, gate, up, rows, width)
    }
  }

  /// In place on `[rows][width]`: an activation of each element.
  package func activate(
    _ x: UnsafeMutablePointer<Float>, rows: Int, width: Int, _ activation: Activation
  ) {
    switch activation {
    case .geluTanh: table.gelu_tanh(pool.pool, x, rows, width)
    case .gelu: table.gelu(pool.pool, x, rows, width)
    case .relu: table.relu(pool.pool, x, rows, width)
    }
  }

  /// In place on `[rows][width]`: `x += y`.
  package func add(
    _ y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    table.add(pool.pool, x, y, rows, width)
  }

  /// The largest |a − b|; NaN where a difference is NaN.
  package func maxAbsDifference(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Float {
    ck_max_abs_difference(a, b, count)
  }
}

/// How the keys of a head lie in memory: panels of `positions` keys, `[panel][head dimension][position]`, so that one vector
/// takes the same element of many keys.
package enum KeyPanels {
  /// Keys of a panel.
  package static let positions = Int(CK_KEYS)

  /// `count` rounded up to whole panels.
  package static func padded(_ count: Int) -> Int {
    (count + positions - 1) / positions * positions
  }

  /// Copies keys, `[rows]`, `rowStride` floats apart, `headDimension` wide, to the positions from `position` on.
  package static func store(
    _ keys: UnsafePointer<Float>, rows: Int, rowStride: Int, headDimension: Int, at position: Int,
    in panels: UnsafeMutablePointer<Float>
  ) {
    Kernels.best.table.store_keys(keys, rows, rowStride, headDimension, position, panels)
  }

  /// The key at `position`: `[head dimension]`.
  package static func key(
    _ position: Int, headDimension: Int, in panels: UnsafePointer<Float>
  ) -> [Float] {
    let first = panels + position / positions * positions * headDimension + position % positions
    return (0..<headDimension).map { first[$0 * positions] }
  }

  /// Copies the key at `position` to `key`: `[head dimension]`.
  package static func copy(
    _ position: Int, headDimension: Int, in panels: UnsafePointer<Float>,
    to key: UnsafeMutablePointer<Float>
  ) {
    let first = panels + position / positions * positions * headDimension + position % positions
    for element in 0..<headDimension { key[element] = first[element * positions] }
  }

  /// Drops the key at `position` of the first `count`: those behind it move down by one, and zeros come last.
  package static func close(
    _ position: Int, of count: Int, headDimension: Int, in panels: UnsafeMutablePointer<Float>
  ) {
    func first(_ position: Int) -> UnsafeMutablePointer<Float> {
      panels + position / positions * positions * headDimension + position % positions
    }
    for moved in position + 1..<max(position + 1, count) {
      let (from, to) = (first(moved), first(moved - 1))
      for element in 0..<headDimension { to[element * positions] = from[element * positions] }
    }
    clear(count - 1, headDimension: headDimension, in: panels)
  }

  /// Overwrites the key at `position` by zeros.
  package static func clear(
    _ position: Int, headDimension: Int, in panels: UnsafeMutablePointer<Float>
  ) {
    let first = panels + position / positions * positions * headDimension + position % positions
    for element in 0..<headDimension { first[element * positions] = 0 }
  }
}

/// How the values of a head lie in memory: `[position][stride]`, zeros beyond the head's width.
package enum ValueRows {
  /// Floats of a vector.
  package static let vector = 16

  /// Floats from one value to the next: whole vectors.
  package static func stride(headDimension: Int) -> Int {
    (headDimension + vector - 1) / vector * vector
  }
}

extension ck_work {
  /// Adds what was done elsewhere.
  package mutating func add(_ other: ck_work) {
    sums += other.sums
    multiply_adds += other.multiply_adds
  }
}
