// The phone page: what is noted is kept in the browser until it was sent, and sent once. Kept are keys, numbers, her own
// words and photos, never a name of the register; all of it is one account's, and goes when it was sent, when she signs
// out (cunsao/leave.js), or when somebody else signs in. Without this script the form is sent as it is.
"use strict";

const form = document.getElementById("phone");
const queue = document.getElementById("queue");
const list = document.getElementById("waiting");
const shots = document.getElementById("shots");
const files = form.elements.photos;
const by = form.dataset.by;
const WAITS = [3, 10, 30, 60]; // seconds until the next try
const LONGEST = 1280; // pixels, as the server keeps them
const MOST_PHOTOS = 6;
const FIELDS = ["day", "kind", "quantity", "place", "text"];
let token = form.elements.csrfmiddlewaretoken.value;
let chosen = []; // photos of the form: {blob, line}
let working = false;
let tries = 0;
let timer = 0;
let faults = []; // photos that were not taken, since the last look

// Where things are kept: one entry {key, by, at, address, fields, members, photos: [{key, blob}], record, refused}.
const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("cunsao", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "key" });
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    asked.result.onversionchange = () => asked.result.close(); // so that it can be thrown away
    resolve(asked.result);
  };
});

async function store(mode, ask) {
  const database = await opened;
  return new Promise((resolve, reject) => {
    const work = database.transaction("waiting", mode);
    const asked = ask(work.objectStore("waiting"));
    work.oncomplete = () => resolve(asked.result);
    work.onerror = work.onabort = () => reject(work.error);
  });
}
const put = (entry) => store("readwrite", (waiting) => waiting.put(entry));
const remove = (key) => store("readwrite", (waiting) => waiting.delete(key));
const entries = async () => (await store("readonly", (waiting) => waiting.getAll())).sort((one, other) => one.at - other.at);

function newKey() { // crypto.randomUUID is not there without TLS
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const words = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), form.dataset[name]);

function say(text, tone) {
  queue.textContent = text;
  queue.className = tone;
}

// Photos are made small here, so that they pass a weak line.
async function reduced(file, canvas) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const draw = (on, longest) => {
      const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
      on.width = Math.max(1, Math.round(picture.width * scale));
      on.height = Math.max(1, Math.round(picture.height * scale));
      on.getContext("2d").drawImage(picture, 0, 0, on.width, on.height);
    };
    draw(canvas, 160);
    const large = document.createElement("canvas");
    draw(large, LONGEST);
    const blob = await new Promise((resolve) => large.toBlob(resolve, "image/jpeg", 0.8));
    picture.close();
    return blob ?? file;
  } catch {
    return file; // nothing that this browser can draw: the server says what it is
  }
}

async function addPhotos(picked) {
  for (const file of picked) {
    if (chosen.length >= MOST_PHOTOS) {
      say(words("tooMany"), "refused");
      break;
    }
    const line = document.getElementById("shot").content.firstElementChild.cloneNode(true);
    const blob = await reduced(file, line.querySelector("canvas"));
    const photo = { blob, line };
    line.querySelector("button").addEventListener("click", () => {
      line.remove();
      chosen = chosen.filter((each) => each !== photo);
    });
    chosen.push(photo);
    shots.append(line);
  }
}

function readForm() {
  return {
    key: newKey(), by, at: Date.now(), address: location.pathname + location.search, record: null, refused: "",
    fields: Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value])),
    members: [...form.querySelectorAll("input[name=members]:checked")].map((box) => box.value),
    photos: chosen.map(({ blob }) => ({ key: newKey(), blob })),
  };
}

function emptyForm() {
  form.reset();
  chosen = [];
  shots.replaceChildren();
  showUnit();
}

function fillForm(entry) {
  emptyForm();
  for (const name of FIELDS) form.elements[name].value = entry.fields[name];
  for (const box of form.querySelectorAll("input[name=members]")) box.checked = entry.members.includes(box.value);
  for (const inside of form.querySelectorAll("details")) inside.open = true;
  addPhotos(entry.photos.map(({ blob }) => blob));
  showUnit();
}

const labelOf = (entry) => {
  const kind = form.querySelector(`input[name=kind][value="${CSS.escape(entry.fields.kind)}"]`);
  return `${kind?.closest("label").textContent.trim() ?? ""} ${entry.fields.quantity} ${kind?.dataset.unit ?? ""}`.trim();
};

async function show(came) {
  const waiting = await entries();
  const refused = waiting.filter((entry) => entry.refused);
  const left = waiting.length - refused.length;
  document.getElementById("sign-in").hidden = came !== "signIn";
  if (came === "signIn") say(words("signIn", { n: left }), "bad");
  else if (left) say(words(working ? "sending" : "waiting", { n: left }), "wait");
  else if (refused.length) say(words("refused", { n: refused.length }), "bad");
  else if (came) say(came === "done" ? words("sent") : came, "good");
  list.replaceChildren(...waiting.map((entry) => {
    const line = document.getElementById("waiting-line").content.firstElementChild.cloneNode(true);
    line.querySelector(".what").textContent = labelOf(entry);
    line.querySelector(".why").textContent = entry.refused;
    line.querySelectorAll("button").forEach((button) => (button.hidden = !entry.refused));
    line.querySelector(".again").addEventListener("click", async () => {
      fillForm(entry);
      await remove(entry.key);
      show("");
    });
    line.querySelector(".away").addEventListener("click", async () => {
      await remove(entry.key);
      show("");
    });
    return line;
  }));
}

// A page of the same account has the token of today; another account's entries are not ours to send.
async function renewToken() {
  const page = await fetch(location.href, { credentials: "same-origin" });
  const found = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("phone");
  if (!found) return false;
  if (found.dataset.by !== by) location.reload();
  token = found.querySelector("[name=csrfmiddlewaretoken]").value;
  return true;
}

// What came of one request: {said} if it was taken, {refused} with the reason, or nothing to be done but try again.
async function post(address, body, again = true) {
  body.set("csrfmiddlewaretoken", token);
  const answer = await fetch(address, {
    method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json", "X-CSRFToken": token },
  });
  if (answer.status === 403 || answer.redirected) {
    if (!(await renewToken())) return { signIn: true };
    return again ? post(address, body, false) : {};
  }
  if (answer.status === 413) return { refused: form.dataset.tooLarge };
  if (answer.status === 404) return { refused: form.dataset.gone };
  if (!answer.ok) return {};
  const said = await answer.json();
  return said.refused ? { refused: said.refused } : { said };
}

async function send(entry) {
  if (!entry.record) {
    const body = new FormData();
    body.set("client_key", entry.key);
    for (const [name, value] of Object.entries(entry.fields)) body.set(name, value);
    for (const member of entry.members) body.append("members", member);
    const came = await post(entry.address, body);
    if (came.refused) {
      await put({ ...entry, refused: came.refused });
      return "done";
    }
    if (!came.said) return came.signIn ? "signIn" : "failed";
    entry.record = came.said.photos;
    await put(entry);
  }
  while (entry.photos.length) {
    const [photo] = entry.photos;
    const body = new FormData();
    body.set("key", photo.key);
    body.set("photo", photo.blob, "photo.jpg");
    const came = await post(entry.record, body);
    if (!came.said && !came.refused) return came.signIn ? "signIn" : "failed";
    if (came.refused) faults.push(words("noPhoto", { why: came.refused }));
    entry.photos.shift();
    await put(entry);
  }
  await remove(entry.key);
  return words("came", { what: labelOf(entry) });
}

async function work() {
  if (working) return;
  working = true;
  clearTimeout(timer);
  let came = "";
  let failed = false;
  const tried = new Set();
  try {
    for (;;) {
      const next = (await entries()).find((entry) => !entry.refused && !tried.has(entry.key));
      if (!next) break;
      tried.add(next.key);
      await show("");
      came = await send(next);
      if (came === "signIn") break;
      if (came === "failed") failed = true; // of this one; the others go on
      else tries = 0;
    }
  } catch {
    failed = true; // the line is cut, or the answer is none of ours
  }
  working = false;
  await show(came === "failed" ? "" : came);
  if (faults.length) say(faults.join(" "), "bad");
  faults = [];
  if (failed) {
    timer = setTimeout(work, 1000 * WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }
}

const wake = () => {
  tries = 0;
  work();
};

function showUnit() {
  document.getElementById("unit").textContent = form.querySelector("input[name=kind]:checked")?.dataset.unit ?? "";
}

for (const step of form.querySelectorAll(".step")) {
  step.hidden = false;
  step.addEventListener("click", () => {
    const { quantity } = form.elements;
    quantity.value = Math.min(9999, Math.max(1, (Number(quantity.value) || 0) + Number(step.dataset.step)));
  });
}

function changed({ target }) {
  if (target.name === "kind") showUnit();
  if (target.name === "members") form.querySelector("input[name=members]").setCustomValidity("");
  if (target === files) {
    const picked = [...files.files];
    files.value = "";
    addPhotos(picked);
  }
}

async function note(sent) {
  sent.preventDefault();
  const entry = readForm();
  const first = form.querySelector("input[name=members]");
  if (!entry.members.length && first) {
    first.setCustomValidity(form.dataset.nobody);
    first.reportValidity();
    return;
  }
  try {
    await put(entry);
  } catch {
    say(form.dataset.full, "bad"); // nothing is taken from the form that is not kept
    return;
  }
  emptyForm();
  window.scrollTo({ top: 0 });
  say(form.dataset.kept, "wait");
  wake();
}

async function start() {
  for (const entry of await entries()) if (entry.by !== by) await remove(entry.key);
  form.addEventListener("change", changed);
  form.addEventListener("submit", note);
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) wake();
  });
  showUnit();
  work();
}

// In a browser that keeps nothing the form is sent as it is.
opened.then(start).catch(() => {});
