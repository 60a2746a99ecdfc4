internal import Base
internal import Classroom

/// Reads a vote as a phone sends it: `{"question":"id","round":1,"choice":0,"device":"random id"}`.
enum VoteReader {
  /// No id of a device is longer, in bytes; the page's has 32.
  private static let longestDevice = 64

  /// The vote.
  ///
  /// - Throws: `badRequest` where it is no JSON, lacks a field, or has one of another kind.
  static func vote(_ bytes: [UInt8]) throws(Refusal) -> Vote {
    guard let json = try? JSON.parse(bytes, file: "vote"),
      let question = json["question"]?.string, let round = json["round"]?.integer,
      let choice = json["choice"]?.number, let device = json["device"]?.string,
      (1...longestDevice).contains(device.utf8.count)
    else { throw .badRequest }
    return Vote(question: question, round: round, choice: choice, device: Device(id: device))
  }
}
