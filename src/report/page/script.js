// The page works without this; with it the curves can be asked, series hidden, tables sorted.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("scripted");
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const html = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const short = (value) => {
    if (value === null || value === undefined) return "–";
    const size = Math.abs(value);
    if (value === 0) return "0";
    if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(3)));
    return value.toExponential(2).replace("e+", "e");
  };
  const label = (value) => {
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(6)));
    return Number(value.toPrecision(4)).toExponential().replace("e+", "e");
  };

  // Light and dark.
  const theme = document.getElementById("theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const named = () => { theme.textContent = dark() ? "Light" : "Dark"; };
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; named(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", named);
  named();

  // Tables: a click on a column's name sorts by it.
  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    table.querySelectorAll("thead th").forEach((th, column) => {
      if (th.dataset.sort === undefined) return;
      const button = html("button", "", th.textContent);
      button.type = "button";
      th.textContent = "";
      th.append(button);
      button.addEventListener("click", () => {
        const up = th.getAttribute("aria-sort") !== "ascending";
        for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
        th.setAttribute("aria-sort", up ? "ascending" : "descending");
        const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
        const rows = [...body.rows].map((row) => [value(row), row]);
        // Numbers before words: a batch size may be 16 or full.
        const compare = (a, b) => {
          const words = Number.isNaN(Number(a)) - Number.isNaN(Number(b));
          return words || (Number.isNaN(Number(a)) ? a.localeCompare(b) : Number(a) - Number(b));
        };
        rows.sort(([a], [b]) => {
          if (a === "" || b === "") return (a === "") - (b === "");
          return up ? compare(a, b) : compare(b, a);
        });
        body.append(...rows.map(([, row]) => row));
      });
    });
  }

  // What a mark says, by mouse and by keyboard: arrows walk from mark to mark.
  const tipOf = (plot) => {
    let tip = plot.querySelector(".tip");
    if (!tip) {
      tip = html("div", "tip");
      tip.setAttribute("role", "status");
      tip.hidden = true;
      plot.append(tip);
    }
    return tip;
  };
  const placeTip = (plot, tip, x, y) => {
    tip.hidden = false;
    const room = plot.clientWidth - tip.offsetWidth;
    tip.style.left = Math.max(0, Math.min(room, x + 14 > room ? x - tip.offsetWidth - 14 : x + 14)) + "px";
    tip.style.top = Math.max(0, y - tip.offsetHeight - 10) + "px";
  };
  for (const plot of document.querySelectorAll(".plot.marks")) {
    for (const svg of plot.querySelectorAll("svg")) {
      const marks = [...svg.querySelectorAll("title")].map((title) => {
        const mark = title.parentNode;
        mark.dataset.say = title.textContent;
        title.remove();
        return mark;
      });
      if (!marks.length) continue;
      svg.setAttribute("tabindex", "0");
      let current = -1;
      const tip = tipOf(plot);
      const say = (mark) => {
        tip.textContent = mark.dataset.say;
        const box = mark.getBoundingClientRect(), frame = plot.getBoundingClientRect();
        placeTip(plot, tip, box.left + box.width / 2 - frame.left, box.top - frame.top);
      };
      svg.addEventListener("pointerover", (event) => {
        const mark = event.target.closest("[data-say]");
        if (mark) say(mark); else tip.hidden = true;
      });
      svg.addEventListener("pointerleave", () => { tip.hidden = true; });
      svg.addEventListener("blur", () => { tip.hidden = true; });
      svg.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (event.key === "Escape") tip.hidden = true;
        if (!step) return;
        event.preventDefault();
        current = (current + step + marks.length) % marks.length;
        say(marks[current]);
      });
    }
  }

  // By which column the page ranks: all that is said and drawn of the others is hidden.
  const views = document.querySelectorAll("[data-show]");
  for (const button of views) {
    button.addEventListener("click", () => {
      for (const other of views) other.setAttribute("aria-pressed", String(other === button));
      for (const view of document.querySelectorAll("[data-view]")) view.hidden = view.dataset.view !== button.dataset.show;
      if (button.dataset.column !== undefined) dispatchEvent(new CustomEvent("show-column", { detail: Number(button.dataset.column) }));
    });
  }

  // Details are closed on the screen and open on paper.
  addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details")) d.open = true; });

  // The curves.
  const source = document.getElementById("curves-data");
  const plot = document.getElementById("curves-plot");
  if (!source || !plot) return;
  const data = JSON.parse(source.textContent);
  const state = { log: true, by: "epoch", column: 0, runs: false, shown: new Set(data.curves.map((c, i) => c.leads ? i : -1).filter((i) => i >= 0)) };
  plot.textContent = "";
  const tip = tipOf(plot);
  const live = html("div", "hidden");
  live.setAttribute("role", "status");
  plot.after(live);
  let view = null;

  const nice = (low, high, about) => {
    const raw = (high - low) / about, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw * (1 - 1e-9)) || power;
    const ticks = [];
    for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++) ticks.push(i * step);
    return ticks;
  };
  const decades = (low, high) => {
    const span = Math.log10(high / low), every = Math.max(1, Math.ceil(span / 6));
    const factors = span < 1.2 ? [1, 2, 3, 5, 7] : span < 2.5 ? [1, 2, 5] : [1];
    const ticks = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
      if (((e % every) + every) % every) continue;
      for (const f of factors) { const v = Number(f + "e" + e); if (v >= low && v <= high) ticks.push(v); }
    }
    return ticks;
  };

  function draw() {
    const W = Math.max(280, plot.clientWidth), H = W < 560 ? 300 : 420;
    const box = { l: 62, t: 34, r: W - 12, b: H - 46 };
    const column = data.columns[state.column];
    const shown = [...state.shown].sort((a, b) => b - a).map((i) => ({ i, curve: data.curves[i], band: data.curves[i].bands[column] })).filter((s) => s.band);
    let low = Infinity, high = -Infinity, x0 = Infinity, x1 = -Infinity;
    const reach = (list) => { for (const v of list) if (v !== null) { if (v < low) low = v; if (v > high) high = v; } };
    for (const { curve, band } of shown) {
      reach(band.low); reach(band.high); reach(band.median);
      if (state.runs) band.runs.forEach(reach);
      const xs = curve[state.by];
      x0 = Math.min(x0, xs[0]); x1 = Math.max(x1, xs[xs.length - 1]);
    }
    if (low > high) { low = 0; high = 1; x0 = 0; x1 = 1; }
    const log = state.log && low > 0;
    if (low === high) { low = log ? low / 2 : low - (Math.abs(low) || 1) / 2; high = log ? high * 2 : high + (Math.abs(high) || 1) / 2; }
    // Updates and samples of regimes lie decades apart: then their axis is logarithmic.
    const ends = shown.map(({ curve }) => curve[state.by].at(-1));
    const logX = state.by !== "epoch" && x0 > 0 && Math.max(...ends) >= 10 * Math.min(...ends);
    if (x0 === x1) { x0 -= logX ? x0 / 2 : 1; x1 += 1; }
    if (log) { const f = (high / low) ** 0.03; low /= f; high *= f; } else { const f = (high - low) * 0.03; low -= f; high += f; }
    const along = (v) => logX ? Math.log(v / x0) / Math.log(x1 / x0) : (v - x0) / (x1 - x0);
    const X = (v) => box.l + along(v) * (box.r - box.l);
    const back = (px) => { const f = (px - box.l) / (box.r - box.l); return logX ? x0 * (x1 / x0) ** f : x0 + f * (x1 - x0); };
    const Y = (v) => box.b - (log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low)) * (box.b - box.t);
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "application", tabindex: 0, "aria-label": `${column} by ${state.by}, ${shown.length} curves. Left and right arrows read the values.` });
    for (const v of log && high > 4 * low ? decades(low, high) : nice(low, high, 6)) {
      svg.append(make("path", { d: `M${box.l} ${Y(v)}H${box.r}`, class: "s-grid" }));
      svg.append(make("text", { x: box.l - 8, y: Y(v) + 4, "font-size": 12, "text-anchor": "end", class: "f-muted" }, label(v)));
    }
    svg.append(make("text", { x: box.l - 56, y: box.t - 14, "font-size": 12, class: "f-muted" }, column));
    svg.append(make("path", { d: `M${box.l} ${box.b}H${box.r}`, class: "s-muted" }));
    const rings = state.by !== "epoch" && shown.some(({ curve }) => curve[state.by][0] > x0);
    for (const v of logX ? decades(x0, x1) : nice(x0, x1, W < 560 ? 4 : 8)) {
      svg.append(make("path", { d: `M${X(v)} ${box.b}v5`, class: "s-muted" }));
      svg.append(make("text", { x: X(v), y: box.b + 19, "font-size": 12, "text-anchor": "middle", class: "f-muted" }, v >= 1e5 ? label(v) : v));
    }
    svg.append(make("text", { x: box.r, y: box.b + 37, "font-size": 12, "text-anchor": "end", class: "f-muted" }, { epoch: "epoch", updates: "updates", samples: "samples seen" }[state.by] + (rings ? " · a ring is a curve’s first record" : "")));
    const path = (xs, list) => {
      let d = "", pen = false;
      list.forEach((v, k) => {
        if (v === null || (log && v <= 0)) { pen = false; return; }
        d += (pen ? "L" : "M") + X(xs[k]).toFixed(1) + " " + Y(v).toFixed(1); pen = true;
      });
      return d;
    };
    for (const { i, curve, band } of shown) {
      const xs = curve[state.by], g = make("g", { "data-curve": i });
      const s = "s" + curve.series, lead = curve.leads;
      if (curve.runs > 1) {
        const ok = xs.map((_, k) => k).filter((k) => band.low[k] !== null && (!log || band.low[k] > 0));
        if (ok.length > 1) g.append(make("path", { d: "M" + ok.map((k) => X(xs[k]).toFixed(1) + " " + Y(band.high[k]).toFixed(1)).join("L") + "L" + ok.reverse().map((k) => X(xs[k]).toFixed(1) + " " + Y(band.low[k]).toFixed(1)).join("L") + "Z", class: "f-" + s, "fill-opacity": lead ? 0.16 : 0.08 }));
      }
      const other = data.columns.find((c) => c !== column && c.split("_").pop() === column.split("_").pop());
      if (other && curve.bands[other]) g.append(make("path", { d: path(xs, curve.bands[other].median), class: "s-" + s, fill: "none", "stroke-width": 1.2, "stroke-dasharray": "1.5 3.5", "stroke-linecap": "round", "clip-path": "url(#frame)" }));
      if (state.runs) for (const run of band.runs) g.append(make("path", { d: path(xs, run), class: "s-" + s, fill: "none", "stroke-width": 0.8, "stroke-opacity": 0.55 }));
      g.append(make("path", { d: path(xs, band.median), class: "s-" + s, fill: "none", "stroke-width": lead ? 2.2 : 1.4, "stroke-linejoin": "round", "stroke-linecap": "round", "stroke-dasharray": lead ? "none" : "7 3" }));
      const first = rings ? band.median.findIndex((v) => v !== null) : -1;
      if (first >= 0 && xs[first] > x0) g.append(make("circle", { cx: X(xs[first]), cy: Y(band.median[first]), r: 4, class: "f-paper s-" + s, "stroke-width": 2 }));
      svg.append(g);
    }
    const clip = make("clipPath", { id: "frame" });
    clip.append(make("rect", { x: box.l, y: box.t - 4, width: box.r - box.l, height: box.b - box.t + 8 }));
    svg.prepend(clip);
    const cursor = make("path", { class: "s-muted", "stroke-dasharray": "2 3", d: "" });
    svg.append(cursor);
    view = { W, H, box, X, Y, back, shown, cursor, column };
    const hadFocus = plot.contains(document.activeElement);
    plot.querySelector("svg")?.remove();
    plot.prepend(svg);
    if (hadFocus) svg.focus({ preventScroll: true });
    svg.addEventListener("pointermove", (event) => {
      const frame = svg.getBoundingClientRect();
      read((event.clientX - frame.left) / frame.width * W, event.clientY - frame.top);
    });
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", keyed);
  }

  let at = null;
  const hide = () => { tip.hidden = true; if (view) view.cursor.setAttribute("d", ""); };
  function read(px, py) {
    const { box, X, back, shown, cursor } = view;
    if (!shown.length) return;
    const wanted = back(Math.min(box.r, Math.max(box.l, px)));
    at = shown.reduce((best, { curve }) => curve[state.by].reduce((near, x) => Math.abs(X(x) - X(wanted)) < Math.abs(X(near) - X(wanted)) ? x : near, best), Infinity);
    // Each curve's last record up to there: before its first nothing is known of it.
    const rows = shown.map(({ i, curve, band }) => {
      const xs = curve[state.by], k = xs.findLastIndex((x) => x <= at);
      if (k < 0) return { i, curve, value: null, range: `first record after ${xs[0]}` };
      const range = xs.at(-1) < at ? `ended after ${xs.at(-1)}` : curve.runs > 1 && band.low[k] !== null ? `${short(band.low[k])} – ${short(band.high[k])}` : "";
      return { i, curve, value: band.median[k], range };
    }).sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity));
    cursor.setAttribute("d", `M${X(at)} ${box.t}V${box.b}`);
    tip.textContent = "";
    tip.append(html("b", "", `${state.by === "epoch" ? "epoch" : state.by} ${at}`));
    const table = html("table");
    for (const row of rows.slice(0, 12)) {
      const tr = html("tr"), name = html("td"), key = html("span", "key");
      key.style.background = `var(--s${row.curve.series})`;
      name.append(key, row.curve.name);
      tr.append(name, html("td", "", short(row.value)), html("td", "", row.range));
      table.append(tr);
    }
    tip.append(table);
    placeTip(plot, tip, X(at) / view.W * plot.clientWidth, py ?? box.t + 60);
    live.textContent = `${state.by} ${at}: ` + rows.slice(0, 4).map((row) => `${row.curve.name} ${short(row.value)}`).join("; ");
  }
  function keyed(event) {
    const xs = [...new Set(view.shown.flatMap((s) => s.curve[state.by]))].sort((a, b) => a - b);
    if (!xs.length) return;
    const k = at === null ? -1 : xs.findIndex((x) => x >= at);
    const next = { ArrowRight: k + 1, ArrowLeft: k - 1, Home: 0, End: xs.length - 1, PageDown: k + 10, PageUp: k - 10 }[event.key];
    if (event.key === "Escape") return hide();
    if (next === undefined) return;
    event.preventDefault();
    read(view.X(xs[Math.min(xs.length - 1, Math.max(0, next))]));
  }

  const choice = document.querySelectorAll("[data-set]");
  for (const button of choice) {
    button.addEventListener("click", () => {
      const [key, value] = button.dataset.set.split(":");
      if (key === "runs") state.runs = !state.runs;
      else if (key === "log") state.log = value === "1";
      else if (key === "column") state.column = Number(value);
      else state.by = value;
      pressed(); draw();
    });
  }
  function pressed() {
    for (const button of choice) {
      const [key, value] = button.dataset.set.split(":");
      const on = key === "runs" ? state.runs : key === "log" ? state.log === (value === "1") : key === "column" ? state.column === Number(value) : state.by === value;
      button.setAttribute("aria-pressed", String(on));
    }
  }
  addEventListener("show-column", (event) => { state.column = event.detail; pressed(); draw(); });
  const legend = document.getElementById("curves-legend");
  data.curves.forEach((curve, i) => {
    const item = html("li"), button = html("button"), key = html("span", "key");
    button.type = "button";
    key.style.setProperty("--c", `var(--s${curve.series})`);
    button.append(key, curve.name);
    button.setAttribute("aria-pressed", String(state.shown.has(i)));
    button.addEventListener("click", () => {
      if (state.shown.has(i)) state.shown.delete(i); else state.shown.add(i);
      button.setAttribute("aria-pressed", String(state.shown.has(i)));
      draw();
    });
    item.append(button);
    if (i === 0) legend.textContent = "";
    legend.append(item);
  });
  pressed();
  draw();
  let width = plot.clientWidth;
  new ResizeObserver(() => { if (plot.clientWidth !== width) { width = plot.clientWidth; hide(); draw(); } }).observe(plot);
})();
