package import Base
internal import CKernels

/// A block of floats that C kernels read and write in place; freed with its last owner.
public final class FloatBuffer: @unchecked Sendable {
  // Sendable: written only while its maker alone holds it.

  /// How many floats it holds.
  public let count: Int
  /// The first float.
  package let pointer: UnsafeMutablePointer<Float>

  /// Creates `count` zeros.
  package init(count: Int) {
    self.count = count
    pointer = allocateZeros(bytes: count * MemoryLayout<Float>.stride)
      .bindMemory(to: Float.self, capacity: count)
  }

  /// Creates a copy of `floats`.
  package convenience init(_ floats: [Float]) {
    self.init(count: floats.count)
    floats.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: floats.count) }
    }
  }

  /// Creates a copy of `parts`, one behind the other; of a single part no copy.
  package static func joining(_ parts: [FloatBuffer]) -> FloatBuffer {
    if parts.count == 1 { return parts[0] }
    let joined = FloatBuffer(count: parts.reduce(0) { $0 + $1.count })
    var end = joined.pointer
    for part in parts {
      end.update(from: part.pointer, count: part.count)
      end += part.count
    }
    return joined
  }

  deinit { ck_free(pointer) }

  /// Whether no element is infinite or NaN.
  package var isFinite: Bool {
    Kernels.best.table.are_finite(WeightType.f32.code, pointer, count) != 0
  }

  /// The floats as an array.
  public var floats: [Float] {
    Array(UnsafeBufferPointer(start: pointer, count: count))
  }

  /// A copy of `range`.
  package func floats(in range: Range<Int>) -> [Float] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    return Array(UnsafeBufferPointer(start: pointer + range.lowerBound, count: range.count))
  }

  /// Sets every float to 0.
  package func clear() { pointer.update(repeating: 0, count: count) }
}

extension Bytes {
  /// The bytes of so many floats, as they are allocated.
  package static func floats(_ count: Bytes) -> Bytes {
    allocated(count * MemoryLayout<Float>.stride)
  }

  /// What is allocated for so many bytes: whole cache lines.
  package static func allocated(_ bytes: Bytes) -> Bytes {
    // Far beyond every machine, and what the kernel is asked with.
    bytes.count > .max / 2 ? bytes : Bytes(ck_allocated_bytes(bytes.count))
  }
}

/// Memory for `ck_free` with whatever lies in it.
package func allocateUnset(bytes: Int) -> UnsafeMutableRawPointer {
  guard let memory = ck_allocate_unset(bytes) else { fatalError("no memory for \(bytes) bytes") }
  return memory
}

/// Zeroed memory for `ck_free`; a program without memory ends, as with every allocation of Swift's: a `MemoryPlan` has
/// said before whether there is enough.
package func allocateZeros(bytes: Int) -> UnsafeMutableRawPointer {
  guard let memory = ck_allocate(bytes) else { fatalError("no memory for \(bytes) bytes") }
  return memory
}
