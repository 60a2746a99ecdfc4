internal import ArgumentParser
internal import Base
internal import TinyModel
internal import Trace
internal import Viz

/// `kvtui models`: the models that can be named, and where each lies.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: wording("列出找得到的模型", "List the models that it can see"))

  @OptionGroup var language: LanguageOption

  func run() throws {
    let language = try language.value().inLocale
    let library = ProcessFacts.modelLibrary
    let listings = library.listings()
    for listing in listings {
      try Output.standard.say(line(of: listing, language))
    }
    if listings.isEmpty {
      throw ModelError.noModels(searched: library.searchPaths)
    }
  }

  /// Name, shape and folder; a model that cannot be opened says why.
  private func line(of listing: ModelListing, _ language: Language) -> String {
    let name = Sanitiser.clean(listing.name)
    let folder = Sanitiser.clean(listing.folder)
    do throws(FileError) {
      let shape = try Checkpoint(folder: listing.folder).configuration
      let heads = shape.latent.map { "MLA \($0.description.cached)" } ?? "KV \(shape.kvHeads)"
      return "\(name)  \(shape.architecture)  "
        + language(
          "\(shape.layers) 层 × \(shape.heads) 头（\(heads)）  宽 \(shape.modelDimension)  词表 \(shape.vocabulary)  位置 \(shape.contextLength)  \(folder)\n",
          "\(shape.layers) layers × \(shape.heads) heads (\(heads))  width \(shape.modelDimension)  vocabulary \(shape.vocabulary)  positions \(shape.contextLength)  \(folder)\n"
        )
    } catch {
      return "\(name)  \(Sanitiser.clean(error.sentence(language)))\n"
    }
  }
}
