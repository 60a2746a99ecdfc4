package import Classroom

/// What has come of serving so far; nothing in it is about one phone.
package struct ServerNews: Hashable, Sendable {
  /// How many phones get the states now.
  package let followers: Int
  /// How often the page was asked for.
  package let pages: Int
  /// The votes on what is asked now; nil where nobody voted yet.
  package let ballot: BallotCount?
}
