internal import CKernels

/// What the kernels are compiled for, each better than the one before.
package enum InstructionSet: UInt32, CaseIterable, Sendable {
  /// What every processor of its kind has.
  case baseline
  case avx2
  case avx512

  /// The best of this machine.
  package static let best =
    InstructionSet(rawValue: ck_best_instruction_set().rawValue) ?? .baseline

  /// Those of this machine.
  package static let available = allCases.filter { $0.rawValue <= best.rawValue }

  /// The kernels as compiled for it.
  var kernels: ck_kernels { ck_kernels_of(ck_instruction_set(rawValue)).pointee }
}
