internal import Base
internal import Trace
internal import Viz

/// Which passes are looked at, and on which machine.
struct PhasesState: Sendable {
  let start: PhasesStart
  var phases = Phases()
  /// The prefill and the decode step that are looked at, by their places.
  private(set) var chosen = (prefill: 3, decode: 0)
  /// The machine, by its place among the others; nil for this one.
  private(set) var place: Int?
  private(set) var isHelp = false
  var isLeft = false
  private(set) var hasFailed = false
  var notice: String?
  var look: Look

  init(_ start: PhasesStart, look: Look) { (self.start, self.look) = (start, look) }

  var isMeasured: Bool { phases.runs.count >= start.passes }
  var prefills: [PhaseRun] { phases.runs.filter { $0.phase == .prefill } }
  var decodes: [PhaseRun] { phases.runs.filter { $0.phase == .decode } }
  var prefill: PhaseRun? {
    prefills.isEmpty ? nil : prefills[min(chosen.prefill, prefills.count - 1)]
  }
  var decode: PhaseRun? { decodes.isEmpty ? nil : decodes[min(chosen.decode, decodes.count - 1)] }
  /// The machine whose roofline is shown.
  var machine: Phases.Machine? { place.map { start.machines[$0] } ?? phases.machine }

  /// The measurement goes no further.
  mutating func fail(_ sentence: String) { (notice, hasFailed) = (sentence, true) }

  mutating func press(_ key: Key) {
    notice = nil
    guard let action = (isHelp ? PhasesKeys.help : PhasesKeys.map).action(for: key) else {
      notice = language("没有这个键，? 看帮助", "no such key, ? helps")
      return
    }
    switch action {
    case .longerPrefill: chosen.prefill = moved(chosen.prefill, 1, prefills)
    case .shorterPrefill: chosen.prefill = moved(chosen.prefill, -1, prefills)
    case .longerContext: chosen.decode = moved(chosen.decode, 1, decodes)
    case .shorterContext: chosen.decode = moved(chosen.decode, -1, decodes)
    case .machine: nextMachine()
    case .here: goHere()
    case .theme: look.theme = look.theme.next
    case .help: isHelp.toggle()
    case .leave: isLeft = true
    }
  }

  private mutating func moved(_ place: Int, _ by: Int, _ runs: [PhaseRun]) -> Int {
    let next = min(place, max(0, runs.count - 1)) + by
    guard runs.indices.contains(next) else {
      notice = language("没有跑别的长度", "no other length was run")
      return min(place, max(0, runs.count - 1))
    }
    return next
  }

  private mutating func nextMachine() {
    let next = place.map { $0 + 1 } ?? 0
    place = start.machines.indices.contains(next) ? next : nil
    if start.machines.isEmpty { notice = language("没有别的机器", "there is no other machine") }
  }

  private mutating func goHere() {
    if place == nil { notice = language("就是这台机器", "this is this machine") }
    place = nil
  }
}
