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
  const named = () => { theme.textContent = dark() ? "{{script-light}}" : "{{page-dark}}"; };
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
        table.dispatchEvent(new Event("sorted"));
      });
    });
  }

  // Of a long table the first rows, all at the press of a button, and those with some words in them.
  for (const table of document.querySelectorAll("table.sortable")) {
    const FIRST = table.closest("#ranking") ? 25 : 10;
    const body = table.tBodies[0], count = body.rows.length;
    if (count <= FIRST + 5) continue;
    const line = html("div", "controls"), words = html("input"), more = html("button", "plain"), says = html("span", "count");
    Object.assign(words, { type: "search", placeholder: "{{script-filter}}" });
    words.setAttribute("aria-label", "{{script-filter-rows}}");
    more.type = "button";
    says.setAttribute("role", "status");
    let all = false;
    const update = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const row of body.rows) {
        row.dataset.words ??= row.textContent.toLowerCase();
        const fits = wanted.every((word) => row.dataset.words.includes(word));
        row.hidden = !fits || (!all && found >= FIRST);
        found += fits;
      }
      more.hidden = !all && found <= FIRST;
      more.textContent = all ? `{{script-first count=FIRST}}` : `{{script-all count=found}}`;
      says.textContent = wanted.length ? `{{script-of count=found all=count}}` : "";
    };
    words.addEventListener("input", update);
    more.addEventListener("click", () => { all = !all; update(); });
    table.addEventListener("sorted", update);
    line.append(words, more, says);
    table.closest(".scroll").before(line);
    update();
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
      // The mark under the pointer, or the nearest one.
      const NEAR = 26;
      svg.addEventListener("pointermove", (event) => {
        const under = event.target.closest("[data-say]");
        if (under) return say(under);
        let near = null, least = NEAR;
        for (const mark of marks) {
          const box = mark.getBoundingClientRect();
          const away = Math.hypot(box.left + box.width / 2 - event.clientX, box.top + box.height / 2 - event.clientY);
          if (away < least) { least = away; near = mark; }
        }
        if (near) say(near); else tip.hidden = true;
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

  // A surface in the course of training: the pictures that were kept, one after the other.
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  for (const film of document.querySelectorAll(".film")) {
    const frames = [...film.querySelectorAll(".strip li")], pictures = frames.map((frame) => frame.querySelector("img").src);
    if (!frames.length) continue;
    const beneath = film.querySelector("svg image"), over = beneath.cloneNode();
    over.classList.add("over");
    beneath.after(over);
    const line = html("div", "slider"), range = html("input"), says = html("output"), play = html("button", "plain", "▶");
    Object.assign(range, { type: "range", min: 0, max: frames.length - 1, step: 1, value: frames.length - 1 });
    play.type = "button";
    play.setAttribute("aria-label", "{{script-play}}");
    let at = frames.length - 1, timer = 0;
    const show = (next) => {
      frames[at].removeAttribute("aria-current");
      frames[next].setAttribute("aria-current", "true");
      const words = next === 0 ? "{{figure-before}}" : `{{script-at-epoch epoch=frames[next].textContent.trim()}}`;
      says.textContent = words;
      says.dataset.epoch = frames[next].textContent.trim();
      range.value = next;
      range.setAttribute("aria-label", "{{script-epoch}}");
      range.setAttribute("aria-valuetext", words);
      if (next === at) return;
      beneath.setAttribute("href", pictures[at]);
      over.setAttribute("href", pictures[next]);
      if (!still.matches) over.animate([{ opacity: 0 }, { opacity: 1 }], 250);
      at = next;
    };
    const stop = () => { clearInterval(timer); timer = 0; play.textContent = "▶"; };
    play.addEventListener("click", () => {
      if (timer) return stop();
      if (at === frames.length - 1) show(0);
      play.textContent = "❙❙";
      timer = setInterval(() => { show(at + 1); if (at === frames.length - 1) stop(); }, 550);
    });
    range.addEventListener("input", () => { stop(); show(Number(range.value)); });
    frames.forEach((frame, i) => frame.addEventListener("click", () => { stop(); show(i); }));
    line.append(play, range, says);
    film.querySelector(".plot").after(line);
    show(at);
  }
  const picks = document.querySelectorAll("[data-pick]");
  for (const pick of picks) {
    pick.addEventListener("click", () => {
      for (const other of picks) other.setAttribute("aria-pressed", String(other === pick));
      for (const film of document.querySelectorAll(".film")) film.hidden = film.dataset.film !== pick.dataset.pick;
    });
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

  // A picture of the gallery, large.
  const large = html("dialog", "large"), close = html("button", "plain", "{{script-close}}");
  close.type = "button";
  close.addEventListener("click", () => large.close());
  large.addEventListener("click", (event) => { if (event.target === large) large.close(); });
  for (const figure of document.querySelectorAll(".gallery .plot")) {
    const svg = figure.querySelector("svg");
    figure.tabIndex = 0;
    figure.setAttribute("role", "button");
    figure.setAttribute("aria-label", `{{script-enlarge picture=svg.getAttribute("aria-label")}}`);
    const enlarge = () => {
      large.replaceChildren(svg.cloneNode(true), close);
      if (!large.isConnected) document.body.append(large);
      large.showModal();
    };
    figure.addEventListener("click", enlarge);
    figure.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target === figure) enlarge(); });
  }

  // The curves.
  const source = document.getElementById("curves-data");
  const plot = document.getElementById("curves-plot");
  if (!source || !plot) return;
  const data = JSON.parse(source.textContent);
  // The vertical scale is as the values ask for until a person chooses; `zoom` is the part of the
  // horizontal axis that is looked at.
  const state = { log: null, by: "epoch", column: 0, runs: false, smooth: false, zoom: null, shown: new Set(data.curves.map((c, i) => c.leads ? i : -1).filter((i) => i >= 0)) };
  const axes = { epoch: "{{figure-epoch}}", updates: "{{page-updates}}", samples: "{{script-samples-seen}}" };
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

  const quantity = (column) => column.slice(column.indexOf("_") + 1);
  // A loss that spans so many times its least value has a logarithmic axis; a curve that rises above so
  // many times its first value explodes, and does not set the scale; one of a rising metric, whose unit
  // is 1, explodes downwards.
  const SPAN = 30, EXPLODING = 10;
  // Of more bands none could be told from the others.
  const BANDS = 4;
  const most = (list) => list.reduce((high, v) => v !== null && v > high ? v : high, -Infinity);
  const limitOf = (bands, rising) => {
    const worst = (list) => most(rising ? list.map((v) => v === null ? null : -v) : list);
    const startOf = (band) => {
      const first = band.median.find((v) => v !== null);
      return first === undefined ? undefined : Math.max(Math.abs(first), rising ? 1 : 0);
    };
    const starts = bands.map(startOf).filter((v) => v !== undefined).sort((a, b) => a - b);
    // A curve that begins far above most others explodes from the start.
    const usual = starts[(starts.length - 1) >> 1];
    let top = -Infinity, wild = 0;
    for (const band of bands) {
      const start = startOf(band);
      if (start === undefined) continue;
      const first = Math.min(start, EXPLODING * usual);
      const greatest = worst(band.median), far = worst(rising ? band.low : band.high);
      if (greatest > EXPLODING * first) { wild += 1; top = Math.max(top, EXPLODING * first); }
      else if (far > EXPLODING * Math.max(greatest, first)) { wild += 1; top = Math.max(top, EXPLODING * Math.max(greatest, first)); }
      else top = Math.max(top, far);
    }
    return wild ? top : Infinity;
  };
  // The mean of a value and its neighbours: a twentieth of the curve.
  const smoothed = (list) => {
    const reach = Math.max(1, Math.round(list.length / 40));
    return list.map((v, k) => {
      if (v === null) return null;
      const near = list.slice(Math.max(0, k - reach), k + reach + 1).filter((w) => w !== null);
      return near.reduce((sum, w) => sum + w, 0) / near.length;
    });
  };
  // The ticks whose labels do not touch.
  const apart = (ticks, place, words) => {
    let free = -Infinity;
    return ticks.filter((v) => {
      const half = words(v).length * 3.6, x = place(v);
      if (x - half < free) return false;
      free = x + half + 8;
      return true;
    });
  };

  function draw() {
    const W = Math.max(280, plot.clientWidth), H = W < 560 ? 300 : 420;
    const box = { l: 62, t: 34, r: W - 12, b: H - 46 };
    const column = data.columns[state.column], rising = data.rising[state.column];
    const other = data.columns.find((c) => c !== column && quantity(c) === quantity(column));
    const shown = [...state.shown].sort((a, b) => b - a).map((i) => ({ i, curve: data.curves[i], band: data.curves[i].bands[column], other: other && data.curves[i].bands[other] })).filter((s) => s.band);
    const ends = shown.map(({ curve }) => curve[state.by].at(-1));
    let x0 = Math.min(...shown.map(({ curve }) => curve[state.by][0])), x1 = Math.max(...ends);
    if (!shown.length) { x0 = 0; x1 = 1; }
    // Updates and samples of regimes lie decades apart: then their axis is logarithmic.
    const logX = state.by !== "epoch" && x0 > 0 && !state.zoom && Math.max(...ends) >= 10 * Math.min(...ends);
    const rings = state.by !== "epoch" && !state.zoom && shown.some(({ curve }) => curve[state.by][0] > x0);
    if (state.zoom) [x0, x1] = state.zoom;
    const limit = limitOf(shown.map((s) => s.band), rising), bad = (v) => rising ? -v : v;
    let low = Infinity, high = -Infinity, off = 0, farthest = rising ? Infinity : -Infinity;
    for (const { i, curve, band, other } of shown) {
      const xs = curve[state.by];
      let leaves = false;
      const reach = (list) => list.forEach((v, k) => {
        if (v === null || xs[k] < x0 || xs[k] > x1) return;
        if (bad(v) > limit) { leaves = true; farthest = bad(v) > bad(farthest) ? v : farthest; return; }
        if (v < low) low = v;
        if (v > high) high = v;
      });
      reach(band.median);
      if (curve.leads && i < BANDS) { reach(band.low); reach(band.high); }
      if (other) reach(other.median);
      if (state.runs) band.runs.forEach(reach);
      off += leaves;
    }
    if (low > high) { low = 0; high = 1; }
    const log = !rising && low > 0 && (state.log ?? high >= SPAN * low);
    if (low === high) { low = log ? low / 2 : low - (Math.abs(low) || 1) / 2; high = log ? high * 2 : high + (Math.abs(high) || 1) / 2; }
    if (x0 === x1) { x0 -= logX ? x0 / 2 : 1; x1 += 1; }
    if (log) { const f = (high / low) ** 0.03; low /= f; high *= f; } else { const f = (high - low) * 0.03; low -= f; high += f; }
    const along = (v) => logX ? Math.log(v / x0) / Math.log(x1 / x0) : (v - x0) / (x1 - x0);
    const X = (v) => box.l + along(v) * (box.r - box.l);
    const back = (px) => { const f = (px - box.l) / (box.r - box.l); return logX ? x0 * (x1 / x0) ** f : x0 + f * (x1 - x0); };
    const Y = (v) => Math.min(1e4, Math.max(-1e4, box.b - (log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low)) * (box.b - box.t)));
    const svg = make("svg", { viewBox: `0 0 ${W} ${H}`, role: "application", tabindex: 0, "aria-label": `{{script-curves column=column by=axes[state.by] count=shown.length}}` });
    for (const v of log && high > 4 * low ? decades(low, high) : nice(low, high, 6)) {
      svg.append(make("path", { d: `M${box.l} ${Y(v)}H${box.r}`, class: "s-grid" }));
      svg.append(make("text", { x: box.l - 8, y: Y(v) + 4, "font-size": 12, "text-anchor": "end", class: "f-muted" }, label(v)));
    }
    svg.append(make("text", { x: box.l - 56, y: box.t - 14, "font-size": 12, class: "f-muted" }, column));
    if (off) svg.append(make("text", { x: box.r, y: box.t - 14, "font-size": 12, "text-anchor": "end", class: "f-muted" }, `${off === 1 ? "{{script-one-leaves}}" : off + "{{script-some-leave}}"}{{script-the-scale farthest=short(farthest)}}`));
    svg.append(make("path", { d: `M${box.l} ${box.b}H${box.r}`, class: "s-muted" }));
    const counted = (v) => v >= 1e5 ? label(v) : String(v);
    const ticks = (logX ? decades(x0, x1) : nice(x0, x1, W < 560 ? 4 : 8)).filter(Number.isInteger);
    for (const v of ticks) svg.append(make("path", { d: `M${X(v)} ${box.b}v5`, class: "s-muted" }));
    for (const v of apart(ticks, X, counted)) svg.append(make("text", { x: X(v), y: box.b + 19, "font-size": 12, "text-anchor": "middle", class: "f-muted" }, counted(v)));
    svg.append(make("text", { x: box.r, y: box.b + 37, "font-size": 12, "text-anchor": "end", class: "f-muted" }, axes[state.by] + (rings ? "{{script-ring}}" : "")));
    const path = (xs, list) => {
      let d = "", pen = false;
      list.forEach((v, k) => {
        if (v === null || (log && v <= 0)) { pen = false; return; }
        d += (pen ? "L" : "M") + X(xs[k]).toFixed(1) + " " + Y(v).toFixed(1); pen = true;
      });
      return d;
    };
    const clip = make("clipPath", { id: "frame" });
    clip.append(make("rect", { x: box.l - 1, y: box.t - 4, width: box.r - box.l + 6, height: box.b - box.t + 8 }));
    const curves = make("g", { "clip-path": "url(#frame)" });
    const line = state.smooth ? smoothed : (list) => list;
    for (const { i, curve, band, other } of shown) {
      const xs = curve[state.by], g = make("g", { "data-curve": i });
      const s = "s" + curve.series, lead = curve.leads;
      if (curve.runs > 1 && lead && i < BANDS) {
        const ok = xs.map((_, k) => k).filter((k) => band.low[k] !== null && (!log || band.low[k] > 0));
        if (ok.length > 1) g.append(make("path", { d: "M" + ok.map((k) => X(xs[k]).toFixed(1) + " " + Y(band.high[k]).toFixed(1)).join("L") + "L" + ok.reverse().map((k) => X(xs[k]).toFixed(1) + " " + Y(band.low[k]).toFixed(1)).join("L") + "Z", class: "f-" + s, "fill-opacity": 0.16 }));
      }
      if (other) g.append(make("path", { d: path(xs, line(other.median)), class: "s-" + s, fill: "none", "stroke-width": 1.2, "stroke-opacity": lead ? 1 : 0.5, "stroke-dasharray": "1.5 3.5", "stroke-linecap": "round" }));
      if (state.runs) for (const run of band.runs) g.append(make("path", { d: path(xs, line(run)), class: "s-" + s, fill: "none", "stroke-width": 0.8, "stroke-opacity": 0.55 }));
      g.append(make("path", { d: path(xs, line(band.median)), class: "s-" + s, fill: "none", "stroke-width": lead ? 2.2 : 1.3, "stroke-opacity": lead ? 1 : 0.6, "stroke-linejoin": "round", "stroke-linecap": "round" }));
      const first = rings ? band.median.findIndex((v) => v !== null) : -1;
      if (first >= 0 && xs[first] > x0) g.append(make("circle", { cx: X(xs[first]), cy: Y(band.median[first]), r: 4, class: "f-paper s-" + s, "stroke-width": 2 }));
      curves.append(g);
    }
    svg.append(curves);
    svg.prepend(clip);
    const cursor = make("path", { class: "s-muted", "stroke-dasharray": "2 3", d: "" });
    const chosen = make("rect", { y: box.t, height: box.b - box.t, width: 0, x: 0, class: "chosen" });
    svg.append(cursor, chosen);
    view = { W, H, box, X, Y, back, shown, cursor, column, log, x0, x1 };
    const hadFocus = plot.contains(document.activeElement);
    plot.querySelector("svg")?.remove();
    plot.prepend(svg);
    if (hadFocus) svg.focus({ preventScroll: true });
    dotted.textContent = other ? `{{page-dotted column=other}}` : "";
    dotted.hidden = !other || !shown.length;
    pressed();
    // Dragging chooses the part to look at; a double click shows the whole again.
    const place = (event) => { const frame = svg.getBoundingClientRect(); return (event.clientX - frame.left) / frame.width * W; };
    let from = null;
    svg.addEventListener("pointerdown", (event) => { if (event.button === 0) { from = place(event); svg.setPointerCapture(event.pointerId); } });
    svg.addEventListener("pointermove", (event) => {
      const to = place(event);
      if (from !== null && Math.abs(to - from) > 6) {
        hide();
        const [l, r] = [from, to].map((x) => Math.min(box.r, Math.max(box.l, x))).sort((a, b) => a - b);
        chosen.setAttribute("x", l); chosen.setAttribute("width", r - l);
        return;
      }
      read(to, event.clientY - svg.getBoundingClientRect().top);
    });
    svg.addEventListener("pointercancel", () => { from = null; chosen.setAttribute("width", 0); });
    svg.addEventListener("pointerup", (event) => {
      if (from === null) return;
      const [l, r] = [from, place(event)].map((x) => Math.min(box.r, Math.max(box.l, x))).sort((a, b) => a - b);
      from = null;
      chosen.setAttribute("width", 0);
      if (r - l > 12) zoom(back(l), back(r));
    });
    svg.addEventListener("dblclick", () => zoom());
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", keyed);
  }

  // Looks at the records between two counts; at all of them without any.
  function zoom(from, to) {
    const counts = view.shown.flatMap(({ curve }) => curve[state.by]).filter((x) => x >= from && x <= to);
    if (from !== undefined && new Set(counts).size < 2) return;
    state.zoom = from === undefined ? null : [Math.min(...counts), Math.max(...counts)];
    hide();
    draw();
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
      if (k < 0) return { i, curve, value: null, range: `{{script-first-record count=xs[0]}}` };
      const range = xs.at(-1) < at ? `{{script-ended count=xs.at(-1)}}` : curve.runs > 1 && band.low[k] !== null ? `${short(band.low[k])} – ${short(band.high[k])}` : "";
      return { i, curve, value: band.median[k], range };
    }).sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity));
    cursor.setAttribute("d", `M${X(at)} ${box.t}V${box.b}`);
    tip.textContent = "";
    tip.append(html("b", "", `${axes[state.by]} ${at}`));
    const table = html("table");
    for (const row of rows.slice(0, 12)) {
      const tr = html("tr"), name = html("td"), key = html("span", "key");
      tr.dataset.value = row.value ?? "";
      key.style.background = `var(--s${row.curve.series})`;
      name.append(key, row.curve.name);
      tr.append(name, html("td", "", short(row.value)), html("td", "", row.range));
      table.append(tr);
    }
    tip.append(table);
    placeTip(plot, tip, X(at) / view.W * plot.clientWidth, py ?? box.t + 60);
    live.textContent = `${axes[state.by]} ${at}: ` + rows.slice(0, 4).map((row) => `${row.curve.name} ${short(row.value)}`).join("; ");
  }
  function keyed(event) {
    const xs = [...new Set(view.shown.flatMap((s) => s.curve[state.by]))].filter((x) => x >= view.x0 && x <= view.x1).sort((a, b) => a - b);
    if (!xs.length) return;
    const k = at === null ? -1 : xs.findIndex((x) => x >= at);
    if (["+", "="].includes(event.key)) {
      const [l, r] = [view.x0, view.x1], middle = at ?? (l + r) / 2;
      return zoom(Math.max(l, middle - (r - l) / 4), Math.min(r, middle + (r - l) / 4));
    }
    if (["-", "0"].includes(event.key)) return zoom();
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
      else if (key === "smooth") state.smooth = !state.smooth;
      else if (key === "zoom") state.zoom = null;
      else if (key === "log") state.log = value === "1";
      else if (key === "column") state.column = Number(value);
      else { state.by = value; state.zoom = null; }
      draw();
    });
  }
  function pressed() {
    for (const button of choice) {
      const [key, value] = button.dataset.set.split(":");
      if (key === "zoom") { button.hidden = !state.zoom; continue; }
      // Accuracy and its like are never drawn on a logarithmic scale.
      if (key === "log" && value === "1") button.disabled = data.rising[state.column];
      const on = key === "runs" ? state.runs : key === "smooth" ? state.smooth : key === "log" ? view.log === (value === "1") : key === "column" ? state.column === Number(value) : state.by === value;
      button.setAttribute("aria-pressed", String(on));
    }
  }
  addEventListener("show-column", (event) => { state.column = event.detail; draw(); });
  const legend = document.getElementById("curves-legend");
  const dotted = html("li", "dotted");
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
  legend.append(dotted);
  draw();
  let width = plot.clientWidth;
  new ResizeObserver(() => { if (plot.clientWidth !== width) { width = plot.clientWidth; hide(); draw(); } }).observe(plot);
})();
