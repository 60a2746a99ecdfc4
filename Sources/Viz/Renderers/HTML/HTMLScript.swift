/// The page's script: it shows one step at a time, in the layer and the head that were chosen, and keeps the address up to date.
enum HTMLScript {
  static let text = #"""
    "use strict";
    (() => {
      const byId = (id) => document.getElementById(id);
      const data = JSON.parse(byId("data").textContent);
      const sections = [...document.querySelectorAll("section")];
      const axes = {
        step: data.steps, layer: data.layers, head: data.heads
      };
      // Places in the lists above, from 0.
      const at = { step: 0, layer: 0, head: 0 };
      const drawn = sections.map(() => null);

      const frameAt = (step) => (step * axes.layer.length + at.layer) * axes.head.length + at.head;

      const glyphRow = (number) => {
        const scalars = Array.from(data.rows[2 * number]);
        const row = document.createElement("div");
        let column = 0, next = 0;
        for (const [, letter, kind, digits] of data.rows[2 * number + 1].matchAll(/([^.:\d])([.:]?)(\d*)/gu)) {
          const count = digits ? Number(digits) : 1;
          const columns = kind === ":" ? 2 : kind === "." ? 1 : count;
          const run = document.createElement("i");
          run.className = `x${column} n${columns} s${data.letters.indexOf(letter)}`;
          run.textContent = scalars.slice(next, next + count).join("");
          row.append(run);
          next += count;
          column += columns;
        }
        return row;
      };

      const draw = (step) => {
        const frame = frameAt(step);
        if (drawn[step] === frame) return;
        const section = sections[step];
        section.querySelectorAll(".grid").forEach((grid, kind) => {
          const frames = kind === 0 ? data.frames : data.narrow;
          const old = drawn[step] === null ? [] : frames[drawn[step]];
          frames[frame].forEach((number, y) => {
            if (number !== old[y]) grid.children[y].replaceWith(glyphRow(number));
          });
        });
        section.querySelector(".told").textContent = data.told[data.say[frame]];
        fill(section.querySelector("tbody"), data.tables[data.table[frame]]);
        drawn[step] = frame;
      };

      const fill = (body, cells) => {
        if (!body || !cells) return;
        [...body.querySelectorAll("td")].forEach((cell, index) => { cell.textContent = cells[index]; });
      };

      const show = () => {
        draw(at.step);
        sections.forEach((section, step) => { section.hidden = step !== at.step; });
        const told = data.told[data.say[frameAt(at.step)]];
        if (byId("say").textContent !== told) byId("say").textContent = told;
        const isFirst = at.step === 0, isLast = at.step === axes.step.length - 1;
        for (const id of ["first", "back"]) byId(id).setAttribute("aria-disabled", isFirst);
        for (const id of ["next", "last"]) byId(id).setAttribute("aria-disabled", isLast);
        for (const name of ["layer", "head"]) byId(name).selectedIndex = at[name];
        const address = "#" + ["step", "layer", "head"].map((name) => `${name}=${axes[name][at[name]]}`).join("&");
        if (location.hash !== address) history.replaceState(null, "", address);
      };

      const go = (name, place) => {
        at[name] = Math.max(0, Math.min(axes[name].length - 1, place));
        show();
      };

      // What an address does not say, or says of a place that is not here, stays the first.
      const readAddress = () => {
        const said = new URLSearchParams(location.hash.slice(1));
        for (const name of ["step", "layer", "head"]) {
          const place = axes[name].indexOf(Number(said.get(name)));
          at[name] = Math.max(0, place);
        }
        show();
      };

      const moves = {
        first: () => go("step", 0), back: () => go("step", at.step - 1),
        next: () => go("step", at.step + 1), last: () => go("step", axes.step.length - 1)
      };
      const keys = {
        ArrowLeft: moves.back, ArrowRight: moves.next, PageUp: moves.back, PageDown: moves.next,
        Home: moves.first, End: moves.last,
        "[": () => go("layer", at.layer - 1), "]": () => go("layer", at.layer + 1),
        "{": () => go("head", at.head - 1), "}": () => go("head", at.head + 1)
      };
      for (const id in moves) byId(id).addEventListener("click", moves[id]);
      for (const name of ["layer", "head"]) {
        byId(name).addEventListener("change", (event) => go(name, event.target.selectedIndex));
      }
      document.addEventListener("keydown", (event) => {
        if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("select")) return;
        const move = keys[event.key];
        if (!move) return;
        event.preventDefault();
        move();
      });

      // A swipe steps, unless the picture still scrolls that way.
      let touch = null;
      document.addEventListener("touchstart", (event) => {
        const box = event.target.closest && event.target.closest(".box");
        const point = event.changedTouches[0];
        touch = event.touches.length > 1 ? null : {
          x: point.clientX, y: point.clientY,
          scrollsBack: box && box.scrollLeft > 1,
          scrollsOn: box && box.scrollLeft + box.clientWidth < box.scrollWidth - 1
        };
      }, { passive: true });
      document.addEventListener("touchend", (event) => {
        if (!touch) return;
        const point = event.changedTouches[0];
        const x = point.clientX - touch.x, y = point.clientY - touch.y;
        if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) {
          if (x < 0 && !touch.scrollsOn) moves.next();
          if (x > 0 && !touch.scrollsBack) moves.back();
        }
        touch = null;
      }, { passive: true });

      window.addEventListener("hashchange", readAddress);
      window.addEventListener("beforeprint", () => sections.forEach((section, step) => draw(step)));
      document.documentElement.classList.add("js");
      byId("bar").hidden = false;
      byId("say").hidden = false;
      readAddress();
    })();

    """#
}
