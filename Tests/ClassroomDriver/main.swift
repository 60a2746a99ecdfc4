// A presentation without a presenter, for tests and measurements of the server for phones.
//
//   classroom-driver [HOST:]PORT CODE
//
// Each line of standard input is a command, its parts parted by tabs; each is answered by a line of JSON:
//
//   publish SEQUENCE QUESTION ROUND OPTIONS OPEN DOCUMENT   a state; QUESTION `-` for none, OPTIONS `-` for a number
//   news                                                    what has come of it

import Base
import Classroom
import ClassroomServer

/// Writes a line that is there at once, though nobody may look at a terminal.
func say(_ line: String) {
  print(line)
  fflush(nil)
}

func poll(_ parts: [Substring]) -> Poll? {
  guard parts[2] != "-", let round = Int(parts[3]) else { return nil }
  return Poll(
    question: String(parts[2]), round: round, options: Int(parts[4]), isOpen: parts[5] == "1")
}

func text(_ news: ServerNews) -> String {
  func numbers(_ numbers: [Int]) -> JSONText { .array(numbers.map(JSONText.integer)) }
  return JSONText.object([
    ("followers", .integer(news.followers)), ("pages", .integer(news.pages)),
    ("counts", .array((news.ballot?.counts ?? []).map(numbers))),
    ("values", news.ballot?.values.map { .array($0.map(JSONText.double)) } ?? .null),
  ]).text
}

do {
  let arguments = CommandLine.arguments
  guard arguments.count == 3, let code = JoinCode(arguments[2]) else {
    say("classroom-driver [HOST:]PORT CODE")
    exit(64)
  }
  let server = try ClassroomServer(
    ServerSettings(
      address: try ServeAddress(parsing: arguments[1]), code: code, language: .english))
  say(JSONText.object([("url", .string(server.urls[0]))]).text)
  while let line = readLine() {
    let parts = line.split(separator: "\t", maxSplits: 6, omittingEmptySubsequences: false)
    if parts.count == 7, parts[0] == "publish", let sequence = Int(parts[1]) {
      server.publish(document: Array(parts[6].utf8), sequence: sequence, poll: poll(parts))
      say("{}")
    } else {
      say(text(server.news))
    }
  }
  server.stop()
} catch let error as any Explained {
  say(error.sentence(.english))
  exit(error.status)
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
