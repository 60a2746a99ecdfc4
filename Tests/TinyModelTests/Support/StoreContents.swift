internal import Base
internal import Kernels

@testable import TinyModel
internal import Trace

/// K and V that a store reads of a layer, slot by slot, of all heads of the cached row side by side.
struct StoreContents: Equatable {
  /// `[slots][key width]`.
  private(set) var keys: [[Float]] = []
  /// `[slots][value width]`.
  private(set) var values: [[Float]] = []

  init(keys: [[Float]], values: [[Float]]) {
    self.keys = keys
    self.values = values
  }

  init(_ store: any KVStore, _ shape: ModelConfiguration, layer: Int) {
    let (stored, row) = (store.read(layer: layer), shape.cached)
    for slot in 0..<stored.slots {
      let floats = FloatBuffer(count: row.width)
      row.copy(stored, slot: slot, to: floats.pointer)
      keys.append(floats.floats(in: 0..<row.keyWidth))
      values.append(floats.floats(in: row.keyWidth..<row.width))
    }
  }

  /// Feeds rows, `[rows][kv heads × head dimension]`, to a store's layer.
  static func append(
    _ keys: [[Float]], _ values: [[Float]], to store: any KVStore, layer: Int, position: Int
  ) {
    let (flatKeys, flatValues) = (keys.flatMap { $0 }, values.flatMap { $0 })
    flatKeys.withUnsafeBufferPointer { keyBuffer in
      flatValues.withUnsafeBufferPointer { valueBuffer in
        guard let key = keyBuffer.baseAddress, let value = valueBuffer.baseAddress else { return }
        let rows = KeyValueRows(
          keys: key, values: value, rows: keys.count, stride: keys[0].count, position: position)
        _ = store.append(rows, layer: layer, .best)
      }
    }
  }

  /// A shape of which only the cache matters.
  static func shape(
    layers: Int, kvHeads: Int, headDimension: Int, isRotary: Bool = true
  ) throws -> ModelConfiguration {
    let json =
      isRotary
      ? #"{"model_type":"llama","hidden_size":8,"num_hidden_layers":\#(layers),"num_attention_heads":\#(kvHeads),"num_key_value_heads":\#(kvHeads),"head_dim":\#(headDimension),"intermediate_size":8,"vocab_size":9,"max_position_embeddings":512}"#
      : #"{"model_type":"gpt2","n_layer":\#(layers),"n_embd":\#(kvHeads * headDimension),"n_head":\#(kvHeads),"vocab_size":9,"n_positions":512}"#
    return try Architecture.read(Array(json.utf8), file: "config.json").configuration
  }
}
