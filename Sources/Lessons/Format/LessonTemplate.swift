public import Base

/// A lesson to be written on: a screen with a scene and a question.
public enum LessonTemplate {
  /// The file of a language.
  public static func text(_ language: Language) -> String { language(chinese, english) }

  private static let scene = """
    ```scene
    id: first-screen
    text: 中华人民共和国
    step: 3
    panes: uncached
    counters: false
    ```
    """

  private static let chinese = """
    ---
    format: 1
    title: 新的一课
    sections: []
    outcomes: []
    outcome: 说出一步算几格
    abilities: ["先猜下一步有几格，再看模型算出来"]
    minutes: 3
    ---

    ## 第一屏

    不用缓存，模型每一步都从头算。现在是 {{length}} 个词元：**{{length}} 行，每行 {{length}} 格**。

    \(scene)

    ```quiz
    id: cells-of-next-step
    kind: number
    at: 4
    ask: "下一步多一个词元。不用缓存，一个头要算多少个 QKᵀ 格子？"
    answer: uncached.cells
    hints: ["下一步有几行？每行几格？", "{{length}} 行，每行 {{length}} 格，遮掉的也算。"]
    replies:
      uncached.cells - uncached.masked: "遮掉的 {{uncached.masked}} 格也是先算，算完才扔。"
      at(3, uncached.cells): "那是现在这一步。下一步多一行，也多一列。"
      length: "那只是最后一行：用缓存时才只算它。"
      at(3, length): "那是现在的词元数。"
    why: "{{uncached.rows}} 行 × {{length}} 列 = {{uncached.cells}} 格。"
    ```

    """

  private static let english = """
    ---
    format: 1
    title: A new lesson
    sections: []
    outcomes: []
    outcome: count the cells of a step
    abilities: ["guess the cells of the next step, then see them"]
    minutes: 3
    ---

    ## The first screen

    Without a cache the model computes everything again at each step. There are {{length}} tokens now: **{{length}} rows of {{length}} cells**.

    \(scene)

    ```quiz
    id: cells-of-next-step
    kind: number
    at: 4
    ask: "The next step has one token more. How many QKᵀ cells does one head compute without a cache?"
    answer: uncached.cells
    hints: ["How many rows will there be? How many cells in a row?", "{{length}} rows of {{length}}, masked ones too."]
    replies:
      uncached.cells - uncached.masked: "The {{uncached.masked}} masked cells are computed too, then thrown away."
      at(3, uncached.cells): "That is this step. The next one has a row more, and a column."
      length: "That is the last row alone: with a cache it is all that is computed."
      at(3, length): "That is how many tokens there are now."
    why: "{{uncached.rows}} rows × {{length}} columns = {{uncached.cells}} cells."
    ```

    """
}
