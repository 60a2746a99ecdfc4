internal import Base
internal import Trace

/// Marks, search and taking over: what a recording can do besides a run's keys.
extension ViewerState {
  /// The keys of this run while it is looked at.
  package var browseKeys: KeyMap<ViewerAction> {
    trace.isRecording ? ViewerKeys.replay : ViewerKeys.browse
  }

  /// The keys of this run while a cell is selected.
  var cellKeys: KeyMap<ViewerAction> {
    trace.isRecording ? ViewerKeys.replayCell : ViewerKeys.cell
  }

  /// Applies an action that only recordings have.
  mutating func performReplay(_ action: ViewerAction) {
    switch action {
    case .mark: mode = .note(TextField(markHere?.note ?? "", limit: Mark.longestNote))
    case .nextMark: goToMark { marks, step in marks.first { $0.step > step } ?? marks.first }
    case .previousMark: goToMark { marks, step in marks.last { $0.step < step } ?? marks.last }
    case .marks: openMarks()
    case .search: mode = .search(TextField(replay?.query ?? "", limit: 100))
    case .searchNext: searchOn()
    case .takeOver: request = .takeOver(moment.step)
    default: preconditionFailure("\(action) is not of a recording alone")
    }
  }

  /// The mark of the step that is shown.
  var markHere: Mark? { replay?.marks.first { $0.step == moment.step } }

  // MARK: Marks

  private mutating func goToMark(_ choose: ([Mark], Int) -> Mark?) {
    guard let mark = choose(replay?.marks ?? [], moment.step) else {
      return say("还没有书签；m 加一个", "no mark yet; m sets one")
    }
    go(to: mark)
  }

  private mutating func go(to mark: Mark) {
    mode = .browse
    go(to: Moment(endOf: mark.step, layers: layers))
    if trace.has(layer: mark.layer) { layer = mark.layer }
    if trace.has(head: mark.head) { head = mark.head }
    if !mark.note.isEmpty { say(mark.note, mark.note) }
  }

  private mutating func openMarks() {
    guard let marks = replay?.marks, !marks.isEmpty else {
      return say("还没有书签；m 加一个", "no mark yet; m sets one")
    }
    mode = .marks(marks.firstIndex { $0.step >= moment.step } ?? marks.count - 1)
  }

  /// Keys while a note is typed.
  mutating func editNote(_ key: Key, _ field: TextField) {
    var field = field
    switch ViewerKeys.note.action(for: key) {
    case .leave: mode = .browse
    case .run: setMark(note: field.text)
    case nil: if field.edit(key) { mode = .note(field) }
    }
  }

  private mutating func setMark(note: String) {
    mode = .browse
    guard var replay else { return }
    replay.marks.removeAll { $0.step == moment.step }
    replay.marks.append(Mark(step: moment.step, layer: layer, head: head, note: note))
    keep(replay)
    say("第 \(moment.step) 步加了书签", "step \(moment.step) is marked")
  }

  private mutating func keep(_ changed: ReplayState) {
    replay = ReplayState(name: changed.name, marks: changed.marks)
    replay?.query = changed.query
    request = .keepMarks(changed.marks.sorted { $0.step < $1.step })
  }

  /// Keys while the marks are listed.
  mutating func choose(_ key: Key, _ index: Int) {
    guard var replay, replay.marks.indices.contains(index) else { return mode = .browse }
    switch ViewerKeys.marks.action(for: key) {
    case .down: mode = .marks(min(index + 1, replay.marks.count - 1))
    case .up: mode = .marks(max(0, index - 1))
    case .go: go(to: replay.marks[index])
    case .remove:
      replay.marks.remove(at: index)
      keep(replay)
      mode = replay.marks.isEmpty ? .browse : .marks(min(index, replay.marks.count - 1))
    case .quit: request = .quit
    case .leave, nil: mode = .browse
    }
  }

  // MARK: Search

  /// Keys while a token is searched for.
  mutating func editSearch(_ key: Key, _ field: TextField) {
    var field = field
    switch ViewerKeys.search.action(for: key) {
    case .leave: mode = .browse
    case .run:
      mode = .browse
      replay?.query = field.text.isEmpty ? nil : field.text
      searchOn()
    case nil: if field.edit(key) { mode = .search(field) }
    }
  }

  /// Goes to the next step that is fed a token with the text in it, and on from the beginning.
  private mutating func searchOn() {
    guard let query = replay?.query else { return say("先按 / 找", "press / to search") }
    let steps = trace.steps[moment.step...] + trace.steps[..<moment.step]
    let found = steps.first { step in
      step.fed.contains { $0.text.localizedContains(query) }
    }
    guard let found else {
      return say("没有哪一步喂进「\(query)」", "no step is fed '\(query)'")
    }
    go(to: Moment(endOf: found.number, layers: layers))
    say(
      "第 \(found.number) 步喂进「\(query)」；n 下一处",
      "step \(found.number) is fed '\(query)'; n for the next")
  }

  // MARK: Keeping a run

  /// Keys while the name of a recording is typed.
  mutating func editName(_ key: Key, _ field: TextField) {
    var field = field
    switch ViewerKeys.name.action(for: key) {
    case .leave:
      mode = .browse
      replaced = nil
    case .run:
      guard !field.text.isEmpty else { return mode = .browse }
      request = .record(field.text, replaces: replaced == field.text)
    case nil: if field.edit(key) { mode = .name(field) }
    }
  }

  /// Takes up that there is a file of the name that was typed: the same name again replaces it.
  public mutating func ask(toReplace name: String) {
    request = nil
    replaced = name
    mode = .name(TextField(name))
    say(
      "\(name) 已有；再按 Enter 替换，或改名", "\(name) is there; Enter again replaces it, or change the name")
  }

  /// Takes up that a recording was kept.
  public mutating func kept(_ name: String) {
    request = nil
    replaced = nil
    mode = .browse
    say("已存为 \(name)", "kept as \(name)")
  }
}

extension String {
  /// Whether a text is part of this one, Latin letters of either case.
  fileprivate func localizedContains(_ part: String) -> Bool {
    let (own, other) = (Array(lowercased().unicodeScalars), Array(part.lowercased().unicodeScalars))
    guard !other.isEmpty, own.count >= other.count else { return false }
    return (0...own.count - other.count).contains {
      own[$0..<$0 + other.count].elementsEqual(other)
    }
  }
}
