/// All that the phone page says itself, in both languages, as its script reads it.
enum PhoneWords {
  static let text = #"""
    "use strict";
    const words = {
      zh: {
        title: "kvtui 课堂", picture: "画面", connected: "已连上", lost: "正在连接……", polling: "已连上（每 3 秒更新）",
        gone: "课堂已换代码：请重新扫码", blank: "老师让投影黑屏了：先看老师。",
        phase: {
          "think": "先自己想一想：还没开始投票。", "vote": "请投票。", "discuss": "投票暂停：和旁边的同学讨论，说服对方。",
          "vote-again": "讨论过后，再投一次。", "reveal": "揭晓答案。"
        },
        answered: (count) => `已有 ${count} 人作答`, send: "投票", change: "改票", number: "你的答案（数字）",
        mine: (vote, isOpen) => isOpen ? `你投了 ${vote}。结束前可以改。` : `你投了 ${vote}。`,
        sending: "正在送出……", again: "还没送到，正在重试……", closed: "这一轮投票已经结束。", refused: "没有收下这一票。",
        choose: "请先选一项。", noNumber: "这不是数字：请只写一个数，如 12 或 3.5。",
        result: "投票结果", option: "选项", round: (number) => `第 ${number} 轮`, right: "（答案）", others: "其他",
        answerIs: (answer) => `✓ 答案：${answer}`
      },
      en: {
        title: "kvtui classroom", picture: "picture", connected: "connected", lost: "connecting…",
        polling: "connected (updated every 3 s)", gone: "the code has changed: scan it again",
        blank: "The presenter has blanked the wall: look there.",
        phase: {
          "think": "Think on your own first. Voting has not begun.", "vote": "Vote now.",
          "discuss": "Voting has paused. Talk with a neighbour and convince each other.",
          "vote-again": "After the discussion, vote again.", "reveal": "The answer."
        },
        answered: (count) => `${count} answered`, send: "Vote", change: "Change my vote", number: "Your answer (a number)",
        mine: (vote, isOpen) => isOpen ? `Your vote: ${vote}. You may change it until voting ends.` : `Your vote: ${vote}.`,
        sending: "Sending…", again: "Not there yet, trying again…", closed: "Voting in this round has ended.",
        refused: "This vote was not taken.", choose: "Choose an option first.",
        noNumber: "That is no number: write one only, such as 12 or 3.5.",
        result: "Votes", option: "Option", round: (number) => `Round ${number}`, right: "(answer)", others: "others",
        answerIs: (answer) => `✓ Answer: ${answer}`
      }
    };

    """#
}
