// The month's sheet: cells saved as they are typed, keys that lead on, paste of a column, two people told of each other.
// Without this script the form is saved as a whole by its button.
"use strict";

const form = document.getElementById("sheet");
const told = document.getElementById("saving");
const table = form.querySelector("table");
const rows = new Map(); // entry → {line, amount, note, version, saved: {amount, note}, busy, stopped}
const WAITS = [2, 5, 10, 20, 30]; // seconds until the next try
const before = new WeakMap(); // cell → what stood in it when she came to it
let tries = 0;
let timer = 0;
let sending = false;
let token = form.elements.csrfmiddlewaretoken.value;

const figure = (cents) => (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const cents = (text) => {
  const number = Number(String(text).trim().replace(/[,，\s]/g, "") || 0);
  return Number.isFinite(number) ? Math.round(number * 100) : NaN;
};

for (const line of table.querySelectorAll("tr[data-entry]")) {
  const key = line.dataset.entry;
  const seen = form.elements[`s-${key}`];
  if (!seen) continue;
  const [version, amount, ...note] = seen.value.split("|");
  rows.set(key, {
    line, seen, version: Number(version), saved: { p: amount, n: note.join("|") }, clash: null, stopped: false,
    cells: { p: form.elements[`p-${key}`], n: form.elements[`n-${key}`] },
  });
}

const rowOf = (cell) => rows.get(cell.name.slice(2));
const kindOf = (cell) => cell.name[0];
const isCell = (node) => node instanceof HTMLInputElement && /^[pn]-\d+$/.test(node.name);
const same = (kind, one, other) => one === other || (kind === "p" && cents(one) === cents(other));
const differs = (row, kind) => !same(kind, row.cells[kind].value, row.saved[kind]);
const isDirty = (row) => differs(row, "p") || differs(row, "n");
const dirty = () => [...rows].filter(([, row]) => isDirty(row));

function addUp() {
  const all = { county: 0, performance: 0 };
  for (const group of table.querySelectorAll("tbody[data-group]")) {
    const here = { county: 0, performance: 0 };
    for (const line of group.querySelectorAll("tr[data-entry]")) {
      const row = rows.get(line.dataset.entry);
      const county = cents(line.dataset.county);
      const typed = row ? cents(row.cells.p.value) : cents(line.dataset.performance);
      const performance = Number.isNaN(typed) ? 0 : typed;
      here.county += county;
      here.performance += performance;
      if (row) line.querySelector("[data-sum=row]").textContent = ((county + performance) / 100).toFixed(2);
    }
    group.querySelector("[data-sum=performance]").textContent = figure(here.performance);
    group.querySelector("[data-sum=total]").textContent = figure(here.county + here.performance);
    all.county += here.county;
    all.performance += here.performance;
  }
  const sums = document.querySelector(".sums");
  sums.querySelector("[data-sum=performance]").textContent = figure(all.performance);
  sums.querySelector("[data-sum=total]").textContent = figure(all.county + all.performance);
}

function draw(row) {
  for (const kind of ["p", "n"]) row.cells[kind].classList.toggle("unsaved", differs(row, kind));
}

function say(what, values = {}) {
  let text = form.dataset[what];
  for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value);
  told.textContent = text;
  told.className = what;
}

function tell() {
  const waiting = dirty();
  const stopped = waiting.filter(([, row]) => row.stopped);
  if (sending) say("saving");
  else if (stopped.length) {
    say("refused", { n: stopped.length });
    const others = waiting.length - stopped.length;
    if (others) told.textContent += ` · ${form.dataset.unsaved.replace("{n}", others)}`;
  }
  else if (waiting.length) say("unsaved", { n: waiting.length });
  else say("saved");
}

function clear(row) {
  row.clash?.remove();
  row.clash = null;
  row.stopped = false;
  for (const cell of Object.values(row.cells)) cell.removeAttribute("aria-invalid");
}

function stop(row, answer) {
  clear(row);
  row.stopped = true;
  row.clash = document.getElementById("clash").content.firstElementChild.cloneNode(true);
  row.clash.querySelector(".message").textContent = answer.message;
  const overtaken = answer.code === "overtaken";
  const faulty = differs(row, "p") ? row.cells.p : row.cells.n;
  faulty.setAttribute("aria-invalid", "true");
  const [mine, theirs] = [row.clash.querySelector(".mine"), row.clash.querySelector(".theirs")];
  if (!overtaken) [mine, theirs].forEach((button) => button.remove());
  mine.addEventListener("click", () => {
    stand(row, answer);
    clear(row);
    draw(row);
    flush();
  });
  theirs.addEventListener("click", () => {
    stand(row, answer);
    row.cells.p.value = answer.amount;
    row.cells.n.value = answer.note;
    clear(row);
    draw(row);
    addUp();
    tell();
    row.cells.p.focus();
  });
  row.line.after(row.clash);
}

// What the server has of a row now; what is typed stays.
function stand(row, answer) {
  row.version = answer.version;
  row.saved = { p: answer.amount, n: answer.note };
  row.seen.value = `${answer.version}|${answer.amount}|${answer.note}`;
}

function take(key, sent, answer) {
  const row = rows.get(key);
  if (answer.code) {
    stop(row, answer);
    return;
  }
  const was = { p: row.cells.p.value, n: row.cells.n.value };
  stand(row, answer);
  for (const kind of ["p", "n"]) {
    const tidy = kind === "p" ? answer.amount : answer.note;
    if (was[kind] === sent[kind] && document.activeElement !== row.cells[kind]) row.cells[kind].value = tidy;
    else if (was[kind] === sent[kind]) row.saved[kind] = sent[kind];
  }
  clear(row);
  draw(row);
}

// The month moved on by this save alone: what is submitted is still what she sees.
function follow(version) {
  for (const field of document.querySelectorAll(".month-deeds input[name=version]")) {
    if (Number(field.value) + 1 === version) field.value = version;
  }
  for (const field of document.querySelectorAll(".month-deeds input[name=unchanged]")) {
    const button = field.form.querySelector("button");
    button.textContent = button.dataset.otherwise;
    field.remove();
  }
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
  for (const [key, row] of batch) {
    sent[key] = { p: row.cells.p.value, n: row.cells.n.value };
    body.set(`s-${key}`, `${row.version}|${row.saved.p}|${row.saved.n}`);
    if (differs(row, "p")) body.set(`p-${key}`, sent[key].p);
    if (differs(row, "n")) body.set(`n-${key}`, sent[key].n);
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
  follow(said.version);
  return "done";
}

async function flush() {
  clearTimeout(timer);
  const batch = dirty().filter(([, row]) => !row.stopped);
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
  const more = dirty().some(([, row]) => !row.stopped);
  if (came === "done" && more) flush();
  else if (came === "again" || came === "failed") {
    timer = setTimeout(flush, 1000 * WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }
}

function move(cell, steps) {
  const kind = kindOf(cell);
  const cells = [...rows.values()].map((row) => row.cells[kind]);
  const next = cells[cells.indexOf(cell) + steps];
  if (!next) return false;
  next.focus();
  next.select();
  return true;
}

function aside(cell, kind) {
  const next = rowOf(cell).cells[kind];
  if (next === cell) return false;
  next.focus();
  next.select();
  return true;
}

table.addEventListener("keydown", (pressed) => {
  const cell = pressed.target;
  if (!isCell(cell) || pressed.isComposing || pressed.altKey || pressed.ctrlKey || pressed.metaKey) return;
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const done = {
    Enter: () => move(cell, pressed.shiftKey ? -1 : 1) || (cell.blur(), true),
    ArrowDown: () => move(cell, 1),
    ArrowUp: () => move(cell, -1),
    ArrowRight: () => (whole || cell.selectionStart === cell.value.length) && aside(cell, "n"),
    ArrowLeft: () => (whole || cell.selectionEnd === 0) && aside(cell, "p"),
    Escape: () => {
      cell.value = before.get(cell) ?? rowOf(cell).saved[kindOf(cell)];
      cell.select();
      changed(cell);
      flush();
      return true;
    },
  }[pressed.key]?.();
  if (done) pressed.preventDefault();
});

function changed(cell) {
  const row = rowOf(cell);
  clear(row);
  draw(row);
  addUp();
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
  const lines = [...rows.values()];
  const first = lines.indexOf(rowOf(cell));
  const kinds = kindOf(cell) === "p" ? ["p", "n"] : ["n"];
  text.split("\n").forEach((line, down) => {
    const row = lines[first + down];
    if (!row) return;
    line.split("\t").slice(0, kinds.length).forEach((value, at) => {
      row.cells[kinds[at]].value = value.trim().slice(0, row.cells[kinds[at]].maxLength);
    });
    clear(row);
    draw(row);
  });
  addUp();
  flush();
});

form.addEventListener("submit", (sent) => {
  sent.preventDefault();
  for (const [, row] of dirty()) row.stopped = row.clash !== null && row.clash.querySelector(".mine") !== null;
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
addUp();
for (const row of rows.values()) draw(row);
if (dirty().length) tell();
