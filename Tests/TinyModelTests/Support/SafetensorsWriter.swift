import Foundation

/// Makes safetensors files for tests.
enum SafetensorsWriter {
  /// A file of the given header and data.
  static func file(header: String, data: [UInt8] = []) -> [UInt8] {
    let header = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + data
  }

  /// The header of F32 tensors that lie one behind the other.
  static func header(_ tensors: [(name: String, shape: [Int])]) -> (text: String, bytes: Int) {
    var end = 0
    let fields = tensors.map { tensor in
      let start = end
      end += 4 * tensor.shape.reduce(1, *)
      return
        #""\#(tensor.name)":{"dtype":"F32","shape":\#(tensor.shape),"data_offsets":[\#(start),\#(end)]}"#
    }
    return ("{" + fields.joined(separator: ",") + "}", end)
  }
}
