/// What the server lets phones take of this machine; times are from the beginning of what they are for.
package struct ServerLimits: Sendable {
  /// Connections at one time; one more is answered 503.
  package var connections = 512
  /// Connections that get the states; the others are left for pages and votes.
  package var followers = 400
  /// Bytes of a request up to its empty line; more are answered 431.
  package var headBytes = 8 * 1024
  /// Bytes behind it; more are answered 413.
  package var bodyBytes = 1024
  /// For a request to be complete.
  package var requestTime = Duration.seconds(10)
  /// For a request to be answered, a wrong code's wait included.
  package var answerTime = Duration.seconds(10)
  /// For a phone to take an answer, or a state; one that sleeps is dropped then.
  package var sendTime = Duration.seconds(20)
  /// After which a connection that has said nothing makes room for a new one, if there is no other.
  package var patience = Duration.seconds(1)
  /// For a peer to end its side after an answer.
  package var lingerTime = Duration.seconds(1)
  /// From one sign of life to the next, where there is no new state.
  package var heartbeat = Duration.seconds(10)
  /// Bytes that the system keeps for one phone that does not take them.
  package var sendBuffer = 128 * 1024
  /// A wrong code's wait.
  package var wrongCodeTime = Duration.milliseconds(250)
  /// A wrong code's wait when there were many.
  package var manyWrongCodesTime = Duration.seconds(3)
  /// How many wrong codes a minute are many.
  package var manyWrongCodes = 10
  /// From one vote of a device to its next.
  package var voteInterval = Duration.seconds(1)
  /// Votes of all devices in a second, in the long run.
  package var votesPerSecond = 200
  /// Votes of all devices at once.
  package var votesAtOnce = 512

  /// The limits of a lecture.
  package init() {}
}
