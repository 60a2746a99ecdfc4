internal import Base
package import Classroom
internal import Dispatch

/// Lets phones follow a presentation and vote; nothing that they send moves it.
///
/// What phones reach is a guard on a thread of its own (`GuardLoop`); behind it FlyingFox answers at a Unix socket that
/// only this user can reach.
package final class ClassroomServer: Sendable {
  /// Where it listens; the port is the system's where the settings left it to it.
  package let address: ServeAddress
  /// What lets a phone in.
  package let code: JoinCode

  /// Hosts that were named, as in a URL.
  private let named: [String]
  private let room: Room
  private let folder: PrivateFolder
  private let backstage: Backstage
  private let guardEnd = DispatchGroup()

  /// The guard's parts are touched on its queue only.
  private struct Guarding: @unchecked Sendable {
    let loop: GuardLoop
  }

  /// Begins to listen.
  ///
  /// - Throws: `ServerError`, or `SystemFailure` where there are no descriptors left.
  package init(_ settings: ServerSettings) throws {
    var limits = settings.limits
    limits.connections = OpenFiles.makeRoom(for: limits.connections)
    limits.followers = min(limits.followers, limits.connections * 4 / 5)
    room = try Room(limits)
    folder = try PrivateFolder()
    code = settings.code
    do {
      let listener = try ListeningSocket(settings.address)
      address = listener.address
      named = settings.authorities(port: address.port)
      let handler = RequestHandler(
        room: room, code: code, page: PhonePage(language: settings.language))
      backstage = Backstage(at: folder.socket, handler)
      let hosts = AllowedHosts(settings, port: listener.address.port)
      let desk = Desk(limits: limits, room: room, hosts: hosts, backstage: folder.socket)
      let guarding = Guarding(loop: GuardLoop(listener.descriptor, desk))
      DispatchQueue(label: "kvtui.serve", qos: .userInitiated)
        .async(group: guardEnd) { guarding.loop.run() }
    } catch {
      folder.remove()
      throw error
    }
  }

  deinit { stop() }

  /// Makes a state the newest; all phones that follow get it.
  ///
  /// - Parameters:
  ///   - document: the state, JSON; it is sent as it is.
  ///   - sequence: its number, larger than that of the state before.
  ///   - poll: what is asked, and whether votes count now; nil where nothing is.
  package func publish(document: [UInt8], sequence: Int, poll: Poll?) {
    room.publish(document, sequence: sequence, poll)
  }

  /// Readable when there are news.
  package var wake: Int32 { room.newsWake.readEnd }

  /// What has come of serving so far.
  package var news: ServerNews { room.news }

  /// What the votes on any question come to; nil where nobody voted.
  package func ballot(of question: String) -> BallotCount? { room.ballot(of: question) }

  /// The page's URLs, all that it can be reached at; the first is to be shown.
  package var urls: [String] {
    let isEverywhere = ["0.0.0.0", "::"].contains(address.host)
    let hosts = isEverywhere ? Interfaces.addresses + ["127.0.0.1"] : [address.host]
    let authorities = named + hosts.map { ServeAddress(host: $0, port: address.port).authority }
    return authorities.map { "http://\($0)/j/\(code)" }
  }

  /// Ends all connections and gives the port back.
  package func stop() {
    room.stop()
    guardEnd.wait()
    backstage.stop()
    folder.remove()
  }
}
