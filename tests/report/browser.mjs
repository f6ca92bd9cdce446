// Opens a report as a person would, in headless Chromium, and tries what a person would try.
//
//   node tests/report/browser.mjs results/plane/report.html [--screenshots DIR] [--opens-within SECONDS]
//       [--pages MOST] [--picture FILE]
//
// --pages: on paper it has at most so many pages. --picture: only makes a picture of the page's beginning
// (docs/page.png is that of experiments/spiral.toml).
//
// Needs Node 18 or newer and Debian's chromium on the PATH (or its path in CHROMIUM); installs
// nothing. Talks to the browser through a pipe, so it needs no package either.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const option = (name, fallback) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : process.argv.splice(at, 2)[1];
};
const screenshots = option("--screenshots", null);
const opensWithin = Number(option("--opens-within", "2"));
const mostPages = Number(option("--pages", "0"));
const onlyPicture = option("--picture", null);
const file = process.argv[2];
if (!file || !existsSync(file)) {
  console.error("usage: node browser.mjs REPORT.html [--screenshots DIR] [--opens-within SECONDS]");
  process.exit(2);
}
const url = pathToFileURL(resolve(file)).href;

// The browser, and one page in it.
const profile = mkdtempSync(join(tmpdir(), "report-"));
const browser = spawn(process.env.CHROMIUM ?? "chromium", [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--remote-debugging-pipe", `--user-data-dir=${profile}`, "about:blank",
], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
browser.on("error", () => {
  console.error("chromium is not on the PATH: apt-get install chromium, or set CHROMIUM");
  process.exit(2);
});
const finish = (code) => {
  browser.kill();
  setTimeout(() => {
    try { rmSync(profile, { recursive: true, force: true, maxRetries: 3 }); } catch { /* the system's temporary directory */ }
    process.exit(code);
  }, 300);
};
setTimeout(() => { console.error("FAILED: the browser did not answer within 90 seconds"); finish(1); }, 90_000).unref();

let last = 0, rest = "";
const waiting = new Map(), events = [];
browser.stdio[4].on("data", (chunk) => {
  const parts = (rest + chunk).split("\0");
  rest = parts.pop();
  for (const part of parts) {
    const message = JSON.parse(part);
    if (message.id) {
      const { settle, fail } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) fail(new Error(message.error.message)); else settle(message.result);
    } else events.push(message);
  }
});
let session;
const send = (method, params = {}) => new Promise((settle, fail) => {
  waiting.set(++last, { settle, fail });
  browser.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId: session }) + "\0");
});
const evaluate = async (expression) => {
  const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const open = async () => {
  const from = events.length;
  await send("Page.navigate", { url });
  while (!events.slice(from).some((event) => event.method === "Page.loadEventFired")) await pause(10);
  // What scrolls smoothly would move under the mouse.
  await evaluate(`document.documentElement.style.scrollBehavior = "auto"`);
};
const size = (width, height, mobile = false) => send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
const picture = async (name, whole = true) => {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  const { data } = await send("Page.captureScreenshot", { captureBeyondViewport: whole });
  writeFileSync(join(screenshots, `${name}.png`), Buffer.from(data, "base64"));
};
const mouse = (type, x, y, more = {}) => send("Input.dispatchMouseEvent", { type, x, y, ...more });
const click = async (selector) => {
  const [x, y] = await evaluate(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({ block: "center", behavior: "instant" }); const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; })()`);
  await mouse("mousePressed", x, y, { button: "left", clickCount: 1 });
  await mouse("mouseReleased", x, y, { button: "left", clickCount: 1 });
  await pause(30);
};
const key = async (name) => {
  await send("Input.dispatchKeyEvent", { type: "keyDown", key: name, code: name });
  await send("Input.dispatchKeyEvent", { type: "keyUp", key: name, code: name });
};

let failed = 0;
const holds = (fact, truth, seen = "") => {
  console.log(`${truth ? "ok    " : "FAILED"} ${fact}${truth || seen === "" ? "" : ` (found: ${JSON.stringify(seen)})`}`);
  if (!truth) failed += 1;
};

try {
  const { targetInfos } = await send("Target.getTargets");
  const { sessionId } = await send("Target.attachToTarget", { targetId: targetInfos.find((t) => t.type === "page").targetId, flatten: true });
  session = sessionId;
  for (const domain of ["Page", "Runtime", "Network", "Log"]) await send(`${domain}.enable`);
  if (onlyPicture) {
    await size(1200, 800);
    await send("Emulation.setScrollbarsHidden", { hidden: true });
    await open();
    const { data } = await send("Page.captureScreenshot", {});
    writeFileSync(onlyPicture, Buffer.from(data, "base64"));
    finish(0);
    await new Promise(() => {});
  }
  await size(1280, 900);

  // Once before the clock runs: a browser's first page pays for its start.
  await open();
  const begun = Date.now();
  await open();
  const seconds = (Date.now() - begun) / 1000;
  holds(`it opens within ${opensWithin} s (${seconds.toFixed(2)} s)`, seconds < opensWithin, seconds);
  const wrong = () => events.filter((e) => e.method === "Runtime.exceptionThrown"
    || (e.method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(e.params.type))
    || (e.method === "Log.entryAdded" && e.params.entry.level === "error"));
  const requests = () => events.filter((e) => e.method === "Network.requestWillBeSent").map((e) => e.params.request.url)
    .filter((address) => address !== url && !address.startsWith("data:"));
  await picture("light");

  // The verdict and the table.
  holds("the verdict is a sentence", await evaluate(`document.querySelector(".headline").textContent.trim().length > 10`));
  const rows = await evaluate(`document.querySelector("#ranking tbody").rows.length`);
  holds("the ranking has rows", rows > 0, rows);
  holds("every link of the contents leads somewhere", await evaluate(`[...document.querySelectorAll(".contents a")].every((a) => document.querySelector(a.getAttribute("href")))`));

  // The legend hides and shows curves.
  const curves = () => evaluate(`document.querySelectorAll("#curves-plot g[data-curve]").length`);
  const before = await curves();
  // Where every run diverged in its first epoch there is nothing to draw.
  const drawn = await evaluate(`Boolean(document.getElementById("curves-data"))`);
  if (drawn) {
  holds("curves are drawn", before > 0, before);
  await click("#curves-legend button");
  holds("a click on a legend entry hides its curve", (await curves()) === before - 1, await curves());
  holds("the entry says so", (await evaluate(`document.querySelector("#curves-legend button").getAttribute("aria-pressed")`)) === "false");
  await evaluate(`document.querySelector("#curves-legend button").focus()`);
  await send("Input.dispatchKeyEvent", { type: "keyDown", key: "Enter", code: "Enter", text: "\r" });
  await send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter" });
  holds("the keyboard shows it again", (await curves()) === before, await curves());

  // A curve is drawn as its values ask for; accuracy and its like never on a logarithmic scale.
  const rising = await evaluate(`JSON.parse(document.getElementById("curves-data").textContent).rising.indexOf(true)`);
  if (rising >= 0) {
    await click(`[data-set="column:${rising}"]`);
    holds("a rising column has no logarithmic scale", await evaluate(`document.querySelector('[data-set="log:1"]').disabled && document.querySelector('[data-set="log:0"]').getAttribute("aria-pressed") === "true"`));
    await click(`[data-set="column:0"]`);
  }

  // Dragging looks at a part; a double click shows the whole again.
  const labels = () => evaluate(`[...document.querySelectorAll("#curves-plot svg text[text-anchor=middle]")].map((t) => t.textContent).join(" ")`);
  const whole = await labels();
  const [left, top, width, height] = await evaluate(`(() => { const s = document.querySelector("#curves-plot svg"); s.scrollIntoView({ block: "center", behavior: "instant" }); const b = s.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; })()`);
  const drag = async (from, to) => {
    const y = top + height / 2;
    await mouse("mousePressed", left + width * from, y, { button: "left", clickCount: 1 });
    for (const share of [0.3, 0.6, 1]) await mouse("mouseMoved", left + width * (from + (to - from) * share), y, { button: "left", buttons: 1 });
    await mouse("mouseReleased", left + width * to, y, { button: "left", clickCount: 1 });
  };
  const long = await evaluate(`JSON.parse(document.getElementById("curves-data").textContent).curves[0].epoch.length > 8`);
  if (long) {
    await drag(0.4, 0.8);
    holds("dragging zooms", (await labels()) !== whole, await labels());
    holds("a button shows the whole", await evaluate(`!document.querySelector('[data-set="zoom:0"]').hidden`));
    await picture("zoom", false);
    await click(`[data-set="zoom:0"]`);
    holds("and the whole is there again", (await labels()) === whole, await labels());
  }
  await click(`[data-set="smooth:1"]`);
  holds("smoothing is there for the asking", (await evaluate(`document.querySelector('[data-set="smooth:1"]').getAttribute("aria-pressed")`)) === "true");
  await click(`[data-set="smooth:1"]`);
  const touching = () => evaluate(`(() => { const b = [...document.querySelectorAll("#curves-plot svg text[text-anchor=middle]")].map((t) => t.getBoundingClientRect()).sort((a, b) => a.left - b.left); return b.some((box, i) => i && box.left < b[i - 1].right + 2); })()`);
  holds("no tick's label touches the next", !(await touching()));

  // Scale and axis.
  if (await evaluate(`!document.querySelector('[data-set="log:1"]').disabled`)) await click(`[data-set="log:1"]`);
  const ticks = () => evaluate(`[...document.querySelectorAll("#curves-plot svg text")].map((t) => t.textContent).join(" ")`);
  const shape = () => evaluate(`document.querySelector("#curves-plot g[data-curve]").innerHTML`);
  const logarithmic = await shape();
  await click(`[data-set="log:0"]`);
  // A metric that rises, and a loss of 0, have a linear scale alone.
  const scales = await evaluate(`document.querySelector('[data-set="log:1"]').disabled`);
  holds("the linear scale has other curves", scales || (await shape()) !== logarithmic);
  await click(`[data-set="by:updates"]`);
  const axis = await evaluate(`document.querySelector('[data-set="by:updates"]').textContent.trim()`);
  holds("the axis can be updates", (await ticks()).includes(axis), await ticks());
  const tip = () => evaluate(`(() => { const t = document.querySelector("#curves-plot .tip"); return t && !t.hidden ? t.textContent : ""; })()`);
  const rings = await evaluate(`document.querySelectorAll("#curves-plot circle").length`);
  if (rings > 0) {
    // A curve that begins later has no value before its first record.
    await evaluate(`document.querySelector("#curves-plot svg").focus()`);
    await key("Home");
    holds("before a curve's first record it has no value", (await evaluate(`document.querySelectorAll('#curves-plot .tip tr[data-value=""]').length`)) >= rings, await tip());
    await picture("updates", false);
  }
  await click(`[data-set="by:epoch"]`);

  // The pointer and the arrows read values.
  const [x, y] = await evaluate(`(() => { const s = document.querySelector("#curves-plot svg"); s.scrollIntoView({ block: "center", behavior: "instant" }); const b = s.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; })()`);
  await mouse("mouseMoved", x, y);
  const head = await evaluate(`document.querySelector("#curves-plot .tip b")?.textContent ?? ""`);
  const epoch = await evaluate(`document.querySelector('[data-set="by:epoch"]').textContent.trim().slice(0, 4)`);
  holds("the pointer reads values", head.startsWith(epoch) && /\d+$/.test(head), head);
  await picture("hover", false);
  await mouse("mouseMoved", 2, 2);
  holds("and lets go of them", (await tip()) === "", await tip());
  await evaluate(`document.querySelector("#curves-plot svg").focus()`);
  await key("Home");
  const atFirst = await tip();
  await key("ArrowRight");
  holds("the arrow keys read values", atFirst !== "" && (await tip()) !== "" , atFirst);
  await key("Escape");
  holds("Escape lets go of them", (await tip()) === "", await tip());
  }

  // Marks of other figures, by pointer and keyboard.
  if (await evaluate(`Boolean(document.querySelector("#sweep .marks .wide svg[tabindex]"))`)) {
    await evaluate(`document.querySelector("#sweep .marks .wide svg").focus()`);
    await key("ArrowRight");
    const said = await evaluate(`document.querySelector("#sweep .tip").textContent`);
    holds("marks of the sweep are read by the keyboard", said.length > 5, said);
  }

  // The picture beside the headline: the slider goes back to before training, the keyboard too.
  if (await evaluate(`Boolean(document.querySelector(".slider"))`)) {
    const shownNow = () => evaluate(`document.querySelector(".film svg image.over").getAttribute("href")`);
    const after = await shownNow();
    await evaluate(`document.querySelector(".slider input").focus()`);
    await key("Home");
    holds("the slider shows the network before training", (await shownNow()) !== after && (await evaluate(`document.querySelector(".slider output").dataset.epoch`)) === "0");
    await key("ArrowRight");
    holds("and after the first epoch", (await evaluate(`document.querySelector(".slider output").dataset.epoch`)) === "1");
    await picture("slider", false);
    await click(".strip li:last-child");
    holds("a click on a small picture shows it large", (await shownNow()) === after);
    await click(".slider button");
    await pause(700);
    holds("it plays from the beginning", (await shownNow()) !== after);
    await click(".slider button");
    if (await evaluate(`document.querySelectorAll("[data-pick]").length > 1`)) {
      await click(`[data-pick="1"]`);
      holds("another configuration's surface takes its place", await evaluate(`document.querySelector('[data-film="0"]').hidden && !document.querySelector('[data-film="1"]').hidden`));
      await click(`[data-pick="0"]`);
    }
  }
  if (await evaluate(`Boolean(document.querySelector(".gallery .plot"))`)) {
    await click(".gallery .plot");
    holds("a picture of the gallery enlarges", await evaluate(`Boolean(document.querySelector("dialog[open] svg"))`));
    await picture("large", false);
    await key("Escape");
    await evaluate(`document.querySelector("dialog.large").close()`);
  }

  // Every metric ranks: its verdict and its table take the place of the others'.
  const metrics = await evaluate(`document.querySelectorAll("[data-show]").length`);
  for (let i = metrics - 1; i >= 0; i--) {
    await click(`[data-show="${i}"]`);
    holds(`metric ${i} ranks`, await evaluate(`[...document.querySelectorAll("[data-view]")].every((v) => v.hidden === (v.dataset.view !== "${i}")) && [...document.querySelectorAll('[data-view="${i}"] .headline')].every((h) => h.getBoundingClientRect().height > 0)`));
  }

  // A long table shows its first rows, all of them, and those with some words in them.
  const visible = () => evaluate(`[...document.querySelector("#ranking table").tBodies[0].rows].filter((r) => !r.hidden).length`);
  if (rows > 30) {
    holds("of a long table the first 25 rows are shown", (await visible()) === 25, await visible());
    await click("#ranking .controls button");
    holds("and all of them at the press of a button", (await visible()) > 30, await visible());
    await click("#ranking .controls button");
    const word = await evaluate(`(() => { const row = document.querySelector("#ranking table").tBodies[0].rows[7]; return row.querySelector(".label").textContent.split(",")[0]; })()`);
    await evaluate(`(() => { const e = document.querySelector("#ranking input[type=search]"); e.value = ${JSON.stringify("")} + ${JSON.stringify("zzzz")}; e.dispatchEvent(new Event("input")); })()`);
    holds("words that no row has leave none", (await visible()) === 0, await visible());
    await evaluate(`(() => { const e = document.querySelector("#ranking input[type=search]"); e.value = ${JSON.stringify(word)}; e.dispatchEvent(new Event("input")); })()`);
    holds("a filter keeps the rows with its words", (await visible()) > 0 && (await evaluate(`[...document.querySelector("#ranking table").tBodies[0].rows].filter((r) => !r.hidden).every((r) => r.textContent.toLowerCase().includes(${JSON.stringify(word)}.toLowerCase()))`)), await visible());
    await evaluate(`(() => { const e = document.querySelector("#ranking input[type=search]"); e.value = ""; e.dispatchEvent(new Event("input")); })()`);
    const screens = await evaluate(`document.getElementById("ranking").getBoundingClientRect().height / innerHeight`);
    holds("the ranking is a few screens at most", screens < 3, screens);
  }

  // A sweep of many keys: its lines, and which key says most.
  if (await evaluate(`Boolean(document.querySelector("#keys"))`)) {
    holds("the lines of many keys are drawn", await evaluate(`document.querySelectorAll("#keys .wide svg path").length > 5`));
  }

  // Sorting.
  if (rows > 1) {
    const header = await evaluate(`[...document.querySelector("#ranking table").querySelectorAll("th[data-sort]")].findIndex((th) => [...th.closest("table").tBodies[0].rows].map((row) => row.cells[[...th.parentNode.cells].indexOf(th)].dataset.value).some((value) => value && !Number.isInteger(Number(value)) && !Number.isNaN(Number(value))))`);
    const column = `(() => { const th = [...document.querySelector("#ranking table").querySelectorAll("th[data-sort]")][${header}]; return [...th.parentNode.cells].indexOf(th); })()`;
    const values = () => evaluate(`(() => { const c = ${column}; return [...document.querySelector("#ranking table").querySelectorAll("tbody tr")].map((r) => r.cells[c].dataset.value).filter((v) => v !== "").map(Number); })()`);
    await evaluate(`[...document.querySelector("#ranking table").querySelectorAll("th[data-sort]")][${header}].querySelector("button").id = "sorted"`);
    const ordered = (list, sign) => list.every((v, i) => i === 0 || sign * (v - list[i - 1]) >= 0);
    await click("#sorted");
    holds("a click sorts upwards", ordered(await values(), 1), await values());
    await click("#sorted");
    holds("another sorts downwards", ordered(await values(), -1), await values());
    holds("the column says so", (await evaluate(`document.querySelector("#sorted").parentNode.getAttribute("aria-sort")`)) === "descending");
  }

  // Dark.
  const background = () => evaluate(`getComputedStyle(document.body).backgroundColor`);
  const light = await background();
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
  const night = await background();
  holds("it is dark where the system is", night !== light, night);
  await evaluate(`scrollTo(0, 0)`);
  await picture("dark");
  await click("#theme");
  holds("the button makes it light again", (await background()) === light, await background());
  await send("Emulation.setEmulatedMedia", { features: [] });

  // A phone.
  await size(390, 844, true);
  await open();
  const overflow = await evaluate(`document.documentElement.scrollWidth - innerWidth`);
  holds("nothing is wider than a phone", overflow <= 0, overflow);
  holds("its figures are drawn for a phone", await evaluate(`[...document.querySelectorAll(".narrow")].every((e) => getComputedStyle(e).display === "block")`));
  holds("of the ranking a phone shows rank, name, value and verdict without sideways scroll", await evaluate(`(() => { const t = document.querySelector("#ranking .scroll"); return t.scrollWidth <= t.clientWidth + 1 && document.querySelector("#ranking td.label").getBoundingClientRect().width > 60; })()`));
  const small = await evaluate(`[...document.querySelectorAll("button, input, summary")].filter((e) => e.offsetParent && !e.closest("th")).map((e) => [e.textContent.trim() || e.type, Math.round(e.getBoundingClientRect().height)]).filter(([, h]) => h < 44)`);
  holds("what a finger presses is 44 pixels high", small.length === 0, small.slice(0, 5));
  await picture("phone");
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: "dark" }] });
  holds("and it is dark there too", (await background()) === night, await background());
  await picture("phone-dark");
  await send("Emulation.setEmulatedMedia", { features: [] });
  await size(1280, 900);
  await open();

  // Paper.
  const { data } = await send("Page.printToPDF", { printBackground: true, paperWidth: 8.27, paperHeight: 11.69 });
  holds("it prints", Buffer.from(data, "base64").length > 10_000);
  const pages = Buffer.from(data, "base64").toString("latin1").match(/\/Type \/Page\b(?!s)/g)?.length ?? 0;
  holds(`it has ${pages} pages on paper`, pages > 0 && (mostPages === 0 || pages <= mostPages), pages);
  if (screenshots) writeFileSync(join(screenshots, "print.pdf"), Buffer.from(data, "base64"));

  holds("no error on the console", wrong().length === 0, wrong().map((e) => JSON.stringify(e.params)).slice(0, 3));
  holds("no request to anywhere", requests().length === 0, requests());

  // Without scripts.
  await send("Emulation.setScriptExecutionDisabled", { value: true });
  await open();
  await send("Emulation.setScriptExecutionDisabled", { value: false });
  await picture("without-scripts");
  if (drawn) holds("without scripts the curves are there", await evaluate(`document.querySelectorAll("#curves-plot .wide svg path").length > 3`));
  holds("and no control that does nothing", await evaluate(`[...document.querySelectorAll("button")].every((b) => b.offsetParent === null)`));
} catch (error) {
  holds(`the browser carries it out: ${error.message}`, false);
}
console.log(failed ? `${failed} of the above failed` : "all of it holds");
finish(failed ? 1 : 0);
