internal import Base
internal import CCmark

/// A piece of text in one weight.
public struct Inline: Hashable, Sendable {
  /// How it is set off.
  public enum Weight: Hashable, Sendable {
    case plain, strong, emphasis, code
  }

  /// The text.
  public let text: String
  /// How it is set off.
  public let weight: Weight
  /// What it is tied to in the picture; nil for most.
  public var tie: Tie?

  init(text: String, weight: Weight, tie: Tie? = nil) {
    (self.text, self.weight, self.tie) = (text, weight, tie)
  }
}

/// A block of prose with the line at which it begins.
public indirect enum Prose: Hashable, Sendable {
  case heading(level: Int, [Inline], line: Int)
  case paragraph([Inline], line: Int)
  /// Items, each a list of blocks; numbered ones with their first number.
  case list(first: Int?, [[Prose]])
  case quote([Prose])
  /// A fenced or indented block: its name (empty for none), its text and the line of its fence.
  case code(name: String, text: String, line: Int)
  case rule
}

/// Reads CommonMark with libcmark.
///
/// Source: CommonMark 0.30, through its reference implementation.
package struct MarkdownReader {
  let path: String
  /// Lines of the file before the Markdown begins.
  let lineOffset: Int

  /// Reads Markdown of a file.
  package init(path: String, lineOffset: Int) {
    self.path = path
    self.lineOffset = lineOffset
  }

  /// The blocks of `text`.
  package func blocks(_ text: String) throws(Finding) -> [Prose] {
    let root = text.withCString { cmark_parse_document($0, text.utf8.count, CMARK_OPT_DEFAULT) }
    guard let root else { throw Finding(path, lineOffset + 1, .notText) }
    defer { cmark_node_free(root) }
    return try blocks(in: root, depth: 0)
  }

  private typealias Node = OpaquePointer

  private func children(of node: Node) -> [Node] {
    var children: [Node] = []
    var child = cmark_node_first_child(node)
    while let current = child {
      children.append(current)
      child = cmark_node_next(current)
    }
    return children
  }

  private func blocks(in node: Node, depth: Int) throws(Finding) -> [Prose] {
    try guardDepth(depth, node)
    var blocks: [Prose] = []
    for child in children(of: node) { blocks.append(try block(child, depth: depth + 1)) }
    return blocks
  }

  /// A file must not say how deep this program calls itself.
  private func guardDepth(_ depth: Int, _ node: Node) throws(Finding) {
    guard depth <= LessonLimits.nesting else {
      throw Finding(path, max(1, line(of: node)), .tooDeep(most: LessonLimits.nesting))
    }
  }

  private func line(of node: Node) -> Int { lineOffset + Int(cmark_node_get_start_line(node)) }

  private func block(_ node: Node, depth: Int) throws(Finding) -> Prose {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_HEADING:
      return .heading(
        level: Int(cmark_node_get_heading_level(node)), try inlines(of: node), line: line(of: node))
    case CMARK_NODE_PARAGRAPH:
      return .paragraph(try inlines(of: node), line: line(of: node))
    case CMARK_NODE_LIST:
      let isNumbered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST
      var items: [[Prose]] = []
      for item in children(of: node) { items.append(try blocks(in: item, depth: depth)) }
      return .list(first: isNumbered ? Int(cmark_node_get_list_start(node)) : nil, items)
    case CMARK_NODE_BLOCK_QUOTE: return .quote(try blocks(in: node, depth: depth))
    case CMARK_NODE_CODE_BLOCK:
      let name = string(cmark_node_get_fence_info(node)).prefix { $0 != " " }
      return .code(
        name: String(name), text: string(cmark_node_get_literal(node)), line: line(of: node))
    case CMARK_NODE_THEMATIC_BREAK: return .rule
    case CMARK_NODE_HTML_BLOCK: throw Finding(path, line(of: node), .notSupported("HTML"))
    default:
      throw Finding(path, line(of: node), .notSupported(string(cmark_node_get_type_string(node))))
    }
  }

  private func inlines(
    of node: Node, _ weight: Inline.Weight = .plain, depth: Int = 0
  ) throws(Finding) -> [Inline] {
    try guardDepth(depth, cmark_node_parent(node) ?? node)
    var inlines: [Inline] = []
    for child in children(of: node) { inlines += try inline(child, weight, depth: depth + 1) }
    return inlines
  }

  private func inline(
    _ node: Node, _ weight: Inline.Weight, depth: Int
  ) throws(Finding) -> [Inline] {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_TEXT: [Inline(text: string(cmark_node_get_literal(node)), weight: weight)]
    case CMARK_NODE_CODE: [Inline(text: string(cmark_node_get_literal(node)), weight: .code)]
    case CMARK_NODE_SOFTBREAK: [Inline(text: "\n", weight: weight)]
    case CMARK_NODE_LINEBREAK: [Inline(text: "\n\n", weight: weight)]
    case CMARK_NODE_EMPH: try inlines(of: node, .emphasis, depth: depth)
    case CMARK_NODE_STRONG: try inlines(of: node, .strong, depth: depth)
    case CMARK_NODE_LINK: try tied(node, weight, depth: depth)
    case CMARK_NODE_HTML_INLINE:
      throw Finding(path, line(of: cmark_node_parent(node) ?? node), .notSupported("HTML"))
    default:
      throw Finding(
        path, line(of: cmark_node_parent(node) ?? node),
        .notSupported(string(cmark_node_get_type_string(node))))
    }
  }

  /// The words of a link, tied to what it names.
  private func tied(
    _ node: Node, _ weight: Inline.Weight, depth: Int
  ) throws(Finding) -> [Inline] {
    let target = string(cmark_node_get_url(node))
    guard let tie = Tie(target: target) else {
      throw Finding(
        path, line(of: cmark_node_parent(node) ?? node),
        .badValue(
          field: "link", value: String(target.prefix(40)), expected: .notation(Tie.notation)))
    }
    return try inlines(of: node, weight, depth: depth).map { inline in
      var inline = inline
      inline.tie = tie
      return inline
    }
  }

  private func string(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }
}
