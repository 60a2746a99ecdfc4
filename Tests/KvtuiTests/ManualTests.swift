import Base
import Testing

@testable import kvtui

@Suite("Man pages")
struct ManualTests {
  @Test(
    "There is a page for the program and for each command that help shows",
    arguments: Language.allCases)
  func pages(language: Language) throws {
    let pages = try ManualPage.all(language)
    let commands = Kvtui.configuration.subcommands
      .filter { $0.configuration.shouldDisplay }
      .map { "kvtui-" + ($0.configuration.commandName ?? "") }
    #expect(pages.map(\.name) == ["kvtui"] + commands)
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
