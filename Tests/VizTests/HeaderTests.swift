import Testing

@testable import TinyModel
@testable import Viz

/// The bar at the top.
@Suite struct HeaderTests {
  @Test(
    "Every architecture is called what people call it", arguments: Architecture.all.map(\.modelType)
  )
  func titles(modelType: String) {
    let title = HeaderView.title(of: modelType)
    #expect(title != modelType && title.first?.isUppercase == true)
  }
}
