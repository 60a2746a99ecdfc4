internal import Classroom
internal import ClassroomServer
internal import Screens

/// A presentation as far as it had come, and how phones joined it.
struct KeptPresentation {
  var code: JoinCode?
  var address: ServeAddress?
}
