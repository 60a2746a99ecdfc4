/// A word for one thing or for several: "byte", "bytes".
package func plural(_ number: Int, _ word: String) -> String { number == 1 ? word : word + "s" }

/// A number with what it counts: "1 byte", "2 bytes".
package func counted(_ number: Int, _ word: String) -> String {
  "\(number) \(plural(number, word))"
}
