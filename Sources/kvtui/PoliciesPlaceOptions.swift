internal import ArgumentParser
internal import Screens
internal import TinyModel
internal import Trace

/// Where the screen of cache policies begins, as it was typed.
struct PoliciesPlaceOptions: ParsableArguments {
  @OptionGroup var first: FirstStepOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面上看第几层，从 1 起", "the layer that the screen begins at, from 1"), valueName: "L"))
  var layer: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording("画面上看第几个头，从 1 起", "the head that the screen begins at, from 1"), valueName: "H"))
  var head: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      wording(
        "画面右边放谁：full（默认），或同样大小的 window、sinks、h2o，或别的格式 int8、fp8、kivi",
        "what stands on the right of the screen: full (the default), window, sinks or h2o of the same size, or another format, int8, fp8 or kivi"
      ), valueName: "KIND"))
  var beside: Choice<PolicyKind>?

  /// An option that was given with its value, if there is one.
  var given: (option: String, value: String)? {
    let given = [
      ("--step", first.step), ("--layer", layer), ("--head", head),
      ("--beside", beside?.defaultValueDescription),
    ]
    for case (let option, let value?) in given { return (option, value) }
    return nil
  }

  /// An option that is about a text's own cache, if one was given: requests have steps alone.
  var placeOfText: String? {
    var others = self
    others.first.step = nil
    return others.firstOption
  }

  /// An option that was given, if there is one.
  var firstOption: String? { given?.option }

  /// The place, checked against the policy, and against the model as far as it is read.
  func checked(
    _ policy: CachePolicy, _ session: PolicySession
  ) throws(CommandError) -> PoliciesPlace {
    let shape = session.session?.model.configuration
    let steps = session.session?.plan.steps
    func whole(_ text: String?, _ option: String, _ most: Int?) throws(CommandError) -> Int? {
      guard let text else { return nil }
      return try NumberArgument.whole(text, of: option, in: 1...max(1, most ?? .max))
    }
    var place = PoliciesPlace()
    place.step = try first.checked(steps: steps)
    place.layer = (try whole(layer, "--layer", shape?.layers) ?? 1) - 1
    place.head = (try whole(head, "--head", shape?.heads) ?? 1) - 1
    if let beside { place.companion = try companion(beside, policy) }
    return place
  }

  private func companion(
    _ beside: Choice<PolicyKind>, _ policy: CachePolicy
  ) throws(CommandError) -> PolicyKind {
    let kind = try beside.value(of: "--beside")
    let all = PolicyKind.companions(of: policy)
    guard all.contains(kind) else {
      throw .badValue(
        option: "--beside", value: kind.rawValue,
        expected: all.map(\.rawValue).joined(separator: wording("、", ", ")))
    }
    return kind
  }
}
