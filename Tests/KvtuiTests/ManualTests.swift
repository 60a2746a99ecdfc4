import Base
import Testing

@testable import kvtui

@Suite("Man pages")
struct ManualTests {
  @Test("No page is of a command that help does not show")
  func pages() throws {
    let names = try ManualPage.all(.english).map(\.name)
    #expect(names.first == "kvtui" && Set(names).count == names.count)
    #expect(names.contains("kvtui-doctor") && !names.contains("kvtui-manual"))
    #expect(!names.contains("kvtui-help"))
  }

  @Test("A line of text is never taken for one of groff's")
  func requests() throws {
    let known = [".TH", ".SH", ".TP", ".PP", ".B", ".BR", ".br", ".nh", ".ad"]
    for page in try ManualPage.all(.chinese) + ManualPage.all(.english) {
      for line in page.text.split(separator: "\n") where line.hasPrefix(".") || line.hasPrefix("'")
      {
        #expect(known.contains { line == $0 || line.hasPrefix($0 + " ") }, "\(page.name): \(line)")
      }
      // A hyphen of the command line can be copied, and nothing is escaped by chance.
      let text = page.text.replacing("\\-", with: "").replacing("\\:", with: "")
      #expect(!text.contains("--"), "\(page.name)")
    }
  }
}
