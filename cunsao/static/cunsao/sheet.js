// A sheet on a page: cells saved as they are typed, keys that lead on, paste of columns, two people told of each other.
// Without this script the form is saved as a whole by its button.
//
// A unit is what is saved together: a hidden field s-KEY says "version|value|…" as the page showed it, cells X-KEY are
// typed into, X being a letter. Cells of one column, of any line, share data-column, or the letter. The server answers
// {rows: {KEY: {version, values: {X: …}}}}; with a `code` and a `message` it wrote nothing, and with values beside them
// somebody else was faster. The form tells each change by "typed", each answer by "came".
"use strict";

const form = document.getElementById("sheet");
const told = document.getElementById("saving");
const table = form.querySelector("table");
const units = new Map(); // key → {line, cells, version, saved: {letter: value}, clash, stopped}
const WAITS = [2, 5, 10, 20, 30]; // seconds until the next try
const before = new WeakMap(); // cell → what stood in it when she came to it
let tries = 0;
let timer = 0;
let sending = false;
let token = form.elements.csrfmiddlewaretoken.value;

const cents = (text) => {
  const number = Number(String(text).trim().replace(/[,，\s]/g, "") || 0);
  return Number.isFinite(number) ? Math.round(number * 100) : NaN;
};
const isCell = (node) => node instanceof HTMLInputElement && node.type === "text" && /^[a-z]-./.test(node.name);
const keyOf = (cell) => cell.name.slice(2);
const unitOf = (cell) => units.get(keyOf(cell));
const letterOf = (cell) => cell.name[0];
const columnOf = (cell) => cell.dataset.column ?? letterOf(cell);
const isNumber = (cell) => cell.inputMode === "decimal" || cell.inputMode === "numeric";

const lines = [...table.querySelectorAll("tr[data-entry]")]
  .map((line) => ({ line, cells: [...line.querySelectorAll("input[type=text]")].filter(isCell) }))
  .filter(({ cells }) => cells.length);
const columns = [...new Set((form.dataset.columns?.split(" ") ?? []).concat(lines.flatMap(({ cells }) => cells.map(columnOf))))];
const cellAt = (at, column) => lines[at]?.cells.find((cell) => columnOf(cell) === column);
const lineOf = (cell) => lines.findIndex(({ cells }) => cells.includes(cell));

for (const { line, cells } of lines) {
  for (const cell of cells) {
    const key = keyOf(cell);
    if (!units.has(key)) units.set(key, { line, seen: form.elements[`s-${key}`], cells: {}, saved: {}, clash: null, stopped: false });
    units.get(key).cells[letterOf(cell)] = cell;
  }
}
for (const unit of units.values()) {
  const [version, ...values] = unit.seen.value.split("|");
  const letters = Object.keys(unit.cells);
  unit.version = Number(version);
  letters.forEach((letter, at) => { // the last may hold a bar itself
    unit.saved[letter] = at === letters.length - 1 ? values.slice(at).join("|") : values[at];
  });
}

const same = (cell, one, other) => one === other || (isNumber(cell) && cents(one) === cents(other));
const differs = (unit, letter) => !same(unit.cells[letter], unit.cells[letter].value, unit.saved[letter]);
const isDirty = (unit) => Object.keys(unit.cells).some((letter) => differs(unit, letter));
const dirty = () => [...units].filter(([, unit]) => isDirty(unit));
const tellTyped = () => form.dispatchEvent(new CustomEvent("typed"));

function draw(unit) {
  for (const letter of Object.keys(unit.cells)) unit.cells[letter].classList.toggle("unsaved", differs(unit, letter));
}

function say(what, values = {}) {
  let text = form.dataset[what];
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value);
  told.textContent = text;
  told.className = what;
}

function tell() {
  const waiting = dirty();
  const stopped = waiting.filter(([, unit]) => unit.stopped);
  if (sending) say("saving");
  else if (stopped.length) {
    say("refused", { n: stopped.length });
    const others = waiting.length - stopped.length;
    if (others) told.textContent += ` · ${form.dataset.unsaved.replace("{n}", others)}`;
  }
  else if (waiting.length) say("unsaved", { n: waiting.length });
  else say("saved");
}

function clear(unit) {
  unit.clash?.remove();
  unit.clash = null;
  unit.stopped = false;
  for (const cell of Object.values(unit.cells)) cell.removeAttribute("aria-invalid");
}

function stop(unit, answer) {
  clear(unit);
  unit.stopped = true;
  unit.clash = document.getElementById("clash").content.firstElementChild.cloneNode(true);
  const letters = Object.keys(unit.cells);
  const faulty = unit.cells[letters.find((letter) => differs(unit, letter)) ?? letters[0]];
  const named = faulty.dataset.named ? `${faulty.dataset.named}: ` : "";
  unit.clash.querySelector(".message").textContent = named + answer.message;
  faulty.setAttribute("aria-invalid", "true");
  const [mine, theirs] = [unit.clash.querySelector(".mine"), unit.clash.querySelector(".theirs")];
  if (!answer.values) [mine, theirs].forEach((button) => button.remove());
  mine.addEventListener("click", () => {
    stand(unit, answer);
    clear(unit);
    draw(unit);
    flush();
  });
  theirs.addEventListener("click", () => {
    stand(unit, answer);
    for (const letter of letters) unit.cells[letter].value = answer.values[letter];
    clear(unit);
    draw(unit);
    tellTyped();
    tell();
    unit.cells[letters[0]].focus();
  });
  unit.line.after(unit.clash);
}

// What the server has of a unit now; what is typed stays.
function stand(unit, answer) {
  unit.version = answer.version;
  unit.saved = { ...answer.values };
  unit.seen.value = seenOf(unit);
}

const seenOf = (unit) => [unit.version, ...Object.keys(unit.cells).map((letter) => unit.saved[letter])].join("|");

function take(key, sent, answer) {
  const unit = units.get(key);
  if (answer.code) {
    stop(unit, answer);
    return;
  }
  const letters = Object.keys(unit.cells);
  const was = Object.fromEntries(letters.map((letter) => [letter, unit.cells[letter].value]));
  stand(unit, answer);
  for (const letter of letters) {
    const cell = unit.cells[letter];
    if (was[letter] === sent[letter] && document.activeElement !== cell) cell.value = answer.values[letter];
    else if (was[letter] === sent[letter]) unit.saved[letter] = sent[letter];
  }
  clear(unit);
  draw(unit);
}

async function renewToken() {
  const page = await fetch(location.href, { credentials: "same-origin" });
  const found = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("#sheet [name=csrfmiddlewaretoken]");
  if (!found) return false;
  token = form.elements.csrfmiddlewaretoken.value = found.value;
  return true;
}

async function send(batch) {
  const body = new URLSearchParams();
  const sent = {};
  for (const [key, unit] of batch) {
    body.set(`s-${key}`, seenOf(unit));
    sent[key] = {};
    for (const letter of Object.keys(unit.cells)) {
      sent[key][letter] = unit.cells[letter].value;
      if (differs(unit, letter)) body.set(`${letter}-${key}`, sent[key][letter]);
    }
  }
  const answer = await fetch(form.dataset.save, {
    method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  if (answer.status === 403 || answer.redirected) return (await renewToken()) ? "again" : "signIn";
  const said = await answer.json();
  if (said.refused) {
    told.textContent = said.refused;
    told.className = "refused";
    return "locked";
  }
  for (const [key, each] of Object.entries(said.rows)) take(key, sent[key], each);
  form.dispatchEvent(new CustomEvent("came", { detail: said }));
  return "done";
}

async function flush() {
  clearTimeout(timer);
  const batch = dirty().filter(([, unit]) => !unit.stopped);
  if (sending || !batch.length) {
    if (!sending) tell();
    return;
  }
  sending = true;
  say("saving");
  let came = "failed";
  try {
    came = await send(batch);
  } catch {
    // the line is cut or the answer is none of ours: what was typed stays, and is sent again
  }
  sending = false;
  if (came === "done") tries = 0;
  if (came === "signIn") say("signIn");
  else if (came !== "locked") tell();
  const more = dirty().some(([, unit]) => !unit.stopped);
  if (came === "done" && more) flush();
  else if (came === "again" || came === "failed") {
    timer = setTimeout(flush, 1000 * WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }
}

function go(next) {
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

function move(cell, steps) {
  const column = columnOf(cell);
  for (let at = lineOf(cell) + steps; at >= 0 && at < lines.length; at += steps) {
    const next = cellAt(at, column);
    if (next) return go(next);
  }
  return false;
}

function aside(cell, steps) {
  const { cells } = lines[lineOf(cell)];
  return go(cells[cells.indexOf(cell) + steps]);
}

table.addEventListener("keydown", (pressed) => {
  const cell = pressed.target;
  if (!isCell(cell) || pressed.isComposing || pressed.altKey || pressed.ctrlKey || pressed.metaKey) return;
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const done = {
    Enter: () => move(cell, pressed.shiftKey ? -1 : 1) || (cell.blur(), true),
    ArrowDown: () => move(cell, 1),
    ArrowUp: () => move(cell, -1),
    ArrowRight: () => (whole || cell.selectionStart === cell.value.length) && aside(cell, 1),
    ArrowLeft: () => (whole || cell.selectionEnd === 0) && aside(cell, -1),
    Escape: () => {
      cell.value = before.get(cell) ?? unitOf(cell).saved[letterOf(cell)];
      cell.select();
      changed(cell);
      flush();
      return true;
    },
  }[pressed.key]?.();
  if (done) pressed.preventDefault();
});

function changed(...cells) {
  for (const unit of cells.map(unitOf)) {
    clear(unit);
    draw(unit);
  }
  tellTyped();
}

table.addEventListener("input", (typed) => {
  if (!isCell(typed.target)) return;
  changed(typed.target);
  clearTimeout(timer);
  timer = setTimeout(flush, 1500); // who stops typing and looks away has saved too
});
table.addEventListener("change", (left) => {
  if (isCell(left.target)) flush();
});
table.addEventListener("focusin", (come) => {
  if (!isCell(come.target)) return;
  before.set(come.target, come.target.value);
  come.target.select();
});

table.addEventListener("paste", (pasted) => {
  const cell = pasted.target;
  const text = pasted.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
  if (!isCell(cell) || !/[\n\t]/.test(text)) return;
  pasted.preventDefault();
  const [first, left] = [lineOf(cell), columns.indexOf(columnOf(cell))];
  const filled = [];
  text.split("\n").forEach((line, down) => {
    line.split("\t").forEach((value, right) => {
      const to = cellAt(first + down, columns[left + right]); // a locked place takes nothing
      if (!to) return;
      to.value = value.trim().slice(0, to.maxLength);
      filled.push(to);
    });
  });
  changed(...filled);
  flush();
});

form.addEventListener("submit", (sent) => {
  sent.preventDefault();
  for (const [, unit] of dirty()) unit.stopped = unit.clash !== null && unit.clash.querySelector(".mine") !== null;
  tries = 0;
  flush();
});
// A step is taken on what is saved.
for (const step of document.querySelectorAll(".month-deeds form")) {
  step.addEventListener("submit", async (sent) => {
    if (!dirty().length && !sending) return;
    sent.preventDefault();
    await flush();
    if (!dirty().length && !sending) step.requestSubmit();
  });
}
window.addEventListener("online", () => {
  tries = 0;
  flush();
});
window.addEventListener("beforeunload", (leaving) => {
  if (dirty().length) leaving.preventDefault();
});
for (const unit of units.values()) draw(unit);
if (dirty().length) tell();
