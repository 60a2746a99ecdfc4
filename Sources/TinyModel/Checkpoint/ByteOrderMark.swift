extension [UInt8] {
  /// What follows the mark that some editors begin a UTF-8 file with; everything where there is none.
  var withoutByteOrderMark: ArraySlice<UInt8> {
    dropFirst(starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
  }
}
