/// The phone page's script: it shows whatever state comes, whole, and sends a vote.
enum PhoneScript {
  static let text =
    PhoneWords.text + #"""
      (() => {
        const byId = (id) => document.getElementById(id);
        const base = location.pathname.replace(/\/+$/, "");
        let say = words[document.documentElement.lang === "en" ? "en" : "zh"];
        let state = null, told = "";

        const text = (id, value) => { if (byId(id).textContent !== value) byId(id).textContent = value; };
        const make = (tag, value, fields) => {
          const element = document.createElement(tag);
          if (value !== undefined) element.textContent = value;
          return Object.assign(element, fields);
        };
        const letter = (index) => String.fromCharCode(65 + index % 26);

        // What this page remembers until its tab is closed: a random name, and its own votes.
        const kept = {
          get: (key) => { try { return sessionStorage.getItem(key); } catch { return kept[key] || null; } },
          set: (key, value) => { kept[key] = value; try { sessionStorage.setItem(key, value); } catch {} }
        };
        const device = () => {
          if (!kept.get("device")) {
            const bytes = crypto.getRandomValues(new Uint8Array(16));
            kept.set("device", [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
          }
          return kept.get("device");
        };
        const voteKey = (question, round) => `vote ${round} ${question.id}`;

        // The picture

        // The policy lets this page have no other sheet; rules of the picture stand behind those that it came with.
        const sheet = document.styleSheets[0], own = sheet.cssRules.length;
        const add = (rule) => sheet.insertRule(rule, sheet.cssRules.length);
        let placed = 0, painted = "", drawn = "";
        const place = (columns) => {
          for (; placed <= columns; placed++) {
            add(`.x${placed}{left:calc(${placed}*var(--c))}`);
            add(`.n${placed}{width:calc(${placed}*var(--c) + .5px)}`);
          }
        };
        // A style is its ink and ground in the light theme, those in the dark one, and whether it is bold.
        const colour = (value) => /^#[0-9a-f]{3,8}$/i.test(value) ? value : "inherit";
        const paint = (styles) => {
          if (JSON.stringify(styles) === painted) return;
          painted = JSON.stringify(styles);
          while (sheet.cssRules.length > own) sheet.deleteRule(own);
          placed = 0;
          styles.forEach((style, index) => {
            const rule = (from) => `.s${index}{color:${colour(style[from])};background:${colour(style[from + 1])}`
              + `${style[4] ? ";font-weight:bold" : ""}}`;
            add(rule(0));
            add(`@media (prefers-color-scheme:dark){${rule(2)}}`);
          });
        };
        const picture = (canvas) => {
          const box = byId("box");
          box.hidden = !canvas;
          box.setAttribute("aria-label", say.picture);
          if (!canvas) return;
          paint(canvas.styles || []);
          place(Math.min(500, canvas.columns));
          if (canvas.html !== drawn) {
            const left = box.scrollLeft;
            box.innerHTML = drawn = canvas.html;
            box.scrollLeft = left;
          }
          const grid = box.querySelector(".grid");
          if (!grid) return;
          grid.style.width = `calc(${Number(canvas.columns)}*var(--c))`;
          grid.style.fontSize = `clamp(12px,calc((min(100vw,60rem) - 2.5rem)/${Number(canvas.columns) * .61}),28px)`;
        };

        // The question

        let asked = "", sending = 0;
        const isOpen = (question) => question.phase === "vote" || question.phase === "vote-again";
        const shownVote = (question, choice) => question.options ? letter(Number(choice)) : choice;

        const choices = (question, vote) => {
          const group = make("div");
          group.setAttribute("role", "radiogroup");
          group.setAttribute("aria-labelledby", "asked");
          question.options.forEach((option, index) => {
            const label = make("label");
            const input = make("input", undefined, {
              type: "radio", name: "choice", value: String(index), checked: vote === String(index)
            });
            label.append(input, make("b", letter(index)), make("span", option));
            group.append(label);
          });
          return group;
        };
        const field = (vote) => {
          const label = make("label", say.number);
          label.append(make("input", undefined, {
            type: "text", name: "choice", inputMode: "decimal", autocomplete: "off", value: vote || ""
          }));
          label.querySelector("input").setAttribute("aria-describedby", "mine");
          return label;
        };
        const list = (options) => {
          const list = make("ol");
          options.forEach((option, index) => {
            const item = make("li");
            item.append(make("b", letter(index)), make("span", option));
            list.append(item);
          });
          return list;
        };

        const total = (counts) => counts.reduce((sum, count) => sum + count, 0);
        const share = (count, all) => all ? `${count} (${Math.round(100 * count / all)} %)` : `${count}`;
        const row = (name, counts, all, isRight) => {
          const row = make("tr", undefined, { className: isRight ? "right" : "" });
          const head = make("th", isRight ? `✓ ${name} ${say.right}` : name, { scope: "row" });
          row.append(head, ...counts.map((count, round) => make("td", share(count, all[round]))));
          return row;
        };
        // A number that few gave stands in the last row with others of its kind.
        const most = 12;
        const rows = (question, rounds, all) => {
          const names = question.options
            ? question.options.map((option, index) => `${letter(index)}  ${option}`)
            : (question.values || []).map(String);
          const lines = names.map((name, index) => ({
            index, name, counts: rounds.map((counts) => counts[index] || 0), isRight: index === question.answer
          }));
          if (question.options || lines.length <= most) return lines.map((line) => row(line.name, line.counts, all, line.isRight));
          const order = [...lines].sort((one, two) => two.isRight - one.isRight || total(two.counts) - total(one.counts));
          const rest = rounds.map((_, round) => total(order.slice(most).map((line) => line.counts[round])));
          return [...order.slice(0, most).sort((one, two) => one.index - two.index)
            .map((line) => row(line.name, line.counts, all, line.isRight)), row(say.others, rest, all, false)];
        };
        const result = (question) => {
          const rounds = question.counts || [];
          const all = rounds.map(total);
          const table = make("table");
          const head = make("tr");
          head.append(make("th", say.option, { scope: "col" }),
            ...rounds.map((_, round) => make("th", say.round(round + 1), { scope: "col" })));
          table.append(make("caption", say.result), make("thead"), make("tbody"));
          table.querySelector("thead").append(head);
          const body = rows(question, rounds, all);
          const parts = body.length && rounds.length ? [table] : [];
          table.querySelector("tbody").append(...body);
          const value = (question.values || [])[question.answer];
          const answer = value !== undefined ? value : question.said;
          if (answer !== undefined) parts.unshift(make("p", say.answerIs(answer)));
          if (question.why) parts.push(make("p", question.why));
          return parts;
        };

        const mine = (question) => {
          const vote = kept.get(voteKey(question, question.round));
          text("mine", vote === null ? "" : say.mine(shownVote(question, vote), isOpen(question)));
        };
        // Nobody votes on what is said aloud.
        const isAloud = (question) => Array.isArray(question.options) && question.options.length === 0;
        const questionOf = (question) => {
          byId("ask").hidden = !question || state.blank === true;
          const key = question ? JSON.stringify([{ ...question, answered: 0 }, document.documentElement.lang]) : "";
          // The table of the end has the counts, of phones and of hands.
          const counts = question && !isAloud(question) && (isOpen(question) || question.phase === "discuss");
          text("answered", counts ? say.answered(question.answered) : "");
          if (key === asked) return;
          asked = key;
          sending++;
          byId("form").textContent = "";
          byId("result").textContent = "";
          if (!question) return;
          text("asked", question.ask);
          text("phase", say.phase[question.phase] || "");
          mine(question);
          const vote = kept.get(voteKey(question, question.round));
          if (isOpen(question)) {
            byId("form").append(question.options ? choices(question, vote) : field(vote),
              make("button", vote === null ? say.send : say.change, { type: "submit" }));
          } else if (question.phase === "reveal") {
            byId("result").append(...result(question));
          } else if (question.options) {
            byId("form").append(list(question.options));
          }
        };

        // Several letters of East Asian keyboards are taken for what they mean.
        const numberOf = (typed) => {
          const plain = typed.normalize("NFKC").replace(/[,\s]/g, "").replace("−", "-");
          return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) : NaN;
        };
        const wait = (time) => new Promise((done) => setTimeout(done, time));
        const post = (vote) => fetch(base + "/vote", {
          method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(vote), cache: "no-store"
        }).then((answer) => answer.status, () => 0);

        const send = async (question, choice) => {
          const number = ++sending;
          const vote = { question: question.id, round: question.round, choice, device: device() };
          text("mine", say.sending);
          for (let time = 1000; ; time = Math.min(8000, 2 * time)) {
            const status = await post(vote);
            if (number !== sending) return;
            if (status === 204) {
              kept.set(voteKey(question, question.round), String(choice));
              const button = byId("form").querySelector("button");
              if (button) button.textContent = say.change;
              return mine(question);
            }
            if (status === 409) return text("mine", say.closed);
            if (status && status !== 429 && status < 500) return text("mine", say.refused);
            text("mine", say.again);
            await wait(time + 500 * Math.random());
            if (number !== sending) return;
          }
        };
        byId("form").addEventListener("submit", (event) => {
          event.preventDefault();
          const question = state && state.question;
          if (!question || !isOpen(question)) return;
          const given = new FormData(byId("form")).get("choice");
          if (question.options) return given === null ? text("mine", say.choose) : send(question, Number(given));
          const number = numberOf(given);
          const input = byId("form").querySelector("input");
          input.setAttribute("aria-invalid", !Number.isFinite(number));
          if (Number.isFinite(number)) return send(question, number);
          text("mine", say.noNumber);
          input.focus();
        });

        // The state

        const show = (next) => {
          if (!next || typeof next !== "object") return;
          state = next;
          const language = state.language === "en" ? "en" : "zh";
          document.documentElement.lang = language === "en" ? "en" : "zh-CN";
          say = words[language];
          document.title = say.title;
          text("line", say[told] || "");
          // A blank wall is a blank page; what was typed is there again afterwards.
          text("say", state.blank === true ? say.blank : state.sentence || "");
          document.querySelector("h1").textContent = say.title;
          picture(state.blank === true ? null : state.canvas);
          questionOf(state.question);
        };

        // The connection: events, or the state again and again where those do not come through.

        let source = null, failures = 0, poller = 0, heard = 0;
        const tell = (key) => { told = key; text("line", say[key]); };
        const ask = async () => {
          const end = new AbortController();
          const timer = setTimeout(() => end.abort(), 5000);
          try {
            const answer = await fetch(base + "/state", { signal: end.signal, cache: "no-store" });
            if (answer.ok) return await answer.json();
            return answer.status === 404 ? "gone" : null;
          } catch {
            return null;
          } finally {
            clearTimeout(timer);
          }
        };
        const pollOnce = async () => {
          const next = await ask();
          if (!poller) return;
          if (next && next !== "gone") show(next);
          tell(next === "gone" ? "gone" : next ? "polling" : "lost");
        };
        const startPolling = () => {
          if (poller) return;
          poller = setInterval(pollOnce, 3000);
          pollOnce();
        };
        const stopPolling = () => { clearInterval(poller); poller = 0; };

        const follow = () => {
          if (source) source.close();
          if (!window.EventSource) return startPolling();
          const own = source = new EventSource(base + "/events");
          heard = Date.now();
          own.onmessage = (event) => {
            if (own !== source) return;
            failures = 0;
            heard = Date.now();
            stopPolling();
            show(JSON.parse(event.data));
            tell("connected");
          };
          own.onerror = () => {
            if (own !== source) return;
            failures++;
            if (!poller) tell("lost");
            if (failures >= 2) startPolling();
            if (own.readyState === EventSource.CLOSED) {
              source = null;
              setTimeout(() => { if (!source) follow(); }, failures < 2 ? 2000 : 10000);
            }
          };
        };
        // A connection that died without a word, or whose events somebody holds back, is found out by the state.
        const check = async () => {
          if (poller || document.hidden || Date.now() - heard < 15000) return;
          heard = Date.now();
          const next = await ask();
          if (poller || (next && next !== "gone" && state && next.sequence === state.sequence)) return;
          if (next && next !== "gone") show(next); else tell(next || "lost");
          follow();
        };
        setInterval(check, 5000);

        // A phone that slept has lost its connection and does not know it.
        document.addEventListener("visibilitychange", () => { if (!document.hidden) follow(); });
        window.addEventListener("pageshow", follow);
        window.addEventListener("online", follow);
        window.addEventListener("pagehide", () => { if (source) source.close(); source = null; });
        tell("lost");
      })();

      """#
}
