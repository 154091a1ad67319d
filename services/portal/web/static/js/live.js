// A page of a conference stays as it is in the log: the server says that something changed, the page asks for itself
// again and takes over its parts. A part somebody is writing in stays, with a word that it changed. Forms are sent
// without leaving the page, so that what is being written in another one stays, too. Without scripts: plain forms.

const root = document.querySelector("[data-live]");
const said = root?.querySelector("[data-live-said]");
const IDLE_MS = 15 * 60 * 1000; // listening is no work: after as long as a session lasts the page grows quiet
const forms = "[data-live-form]";
const focusable = "a, button, input, select, textarea, summary";
let stream = null;
let used = Date.now();
let asking = null;
let again = false;
let behind = false;
let isOn = false;

const say = (key) => { if (said.textContent !== said.dataset[key]) said.textContent = said.dataset[key] ?? ""; };
const parts = (within) => new Map([...within.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
const isDirty = (form) => "dirty" in form.dataset;
const refused = ".error-summary, .versions";
const isBusy = (part) => part.querySelector(refused) || [...part.querySelectorAll("form")].some(isDirty)
  || part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
const content = (part) => part.textContent.replace(/\s+/g, " ");
const seen = new WeakMap();
const sending = new WeakSet();

const here = () => new URL(root.querySelector("[data-live-reload]").href);

function remember() { for (const part of parts(root).values()) if (!seen.has(part)) seen.set(part, content(part)); }

function takeOver(page) {
  const next = page.querySelector("[data-live]");
  if (!next) return false;
  const [ours, theirs] = [parts(root), parts(next)];
  const moved = ours.size !== theirs.size || [...theirs.keys()].some((key) => !ours.has(key));
  if (moved) {
    if ([...ours.values()].some(isBusy)) { say("other"); return true; }
    const top = scrollY;
    root.replaceChildren(...keepSaid(next));
    scrollTo(0, top);
  } else {
    for (const [key, part] of ours) {
      const fresh = theirs.get(key);
      if (isBusy(part)) { behind = true; if (seen.get(part) !== content(fresh)) warn(part); continue; }
      const open = [...part.querySelectorAll("details")].map((one) => one.open);
      fresh.querySelectorAll("details").forEach((one, number) => { one.open ||= open[number] ?? false; });
      const focus = [...part.querySelectorAll(focusable)].indexOf(document.activeElement);
      part.replaceWith(fresh);
      if (focus >= 0) fresh.querySelectorAll(focusable)[focus]?.focus({ preventScroll: true });
    }
  }
  root.dataset.version = next.dataset.version;
  remember();
  showPrinting();
  document.dispatchEvent(new Event("taken-over"));
  return true;
}

function showPrinting() {
  for (const button of root.querySelectorAll("[data-print][hidden]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

function keepSaid(next) {
  next.querySelector("[data-live-said]")?.replaceWith(said);
  return [...next.childNodes];
}

function warn(part) {
  if (part.querySelector(".live-note")) return;
  const note = document.createElement("p");
  note.className = "live-note notice wait";
  note.setAttribute("role", "status");
  note.textContent = said.dataset.changed;
  part.prepend(note);
}

// Asked again while an answer is on its way: once more afterwards.
async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(here().href, { headers: { "Spojka-Unattended": "1" } });
    if (!takeOver(new DOMParser().parseFromString(await answer.text(), "text/html"))) quiet();
  } catch {
    quiet();
  } finally {
    asking = null;
    if (again) { again = false; refresh(); }
  }
}

function listen() {
  if (stream || document.hidden || Date.now() - used > IDLE_MS) return;
  stream = new EventSource(root.dataset.live);
  stream.addEventListener("version", (event) => {
    if (!isOn) say("on");
    isOn = true;
    if (event.data !== root.dataset.version) refresh();
  });
  stream.addEventListener("error", () => { if (stream?.readyState === EventSource.CLOSED) quiet(); });
}

function quiet() {
  stream?.close();
  stream = null;
  isOn = false;
  say("off");
}

async function send(form, button) {
  if (sending.has(form)) return;
  sending.add(form);
  form.dataset.sent = "1";
  button?.setAttribute("aria-busy", "true");
  const body = new URLSearchParams(new FormData(form, button));
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    delete form.dataset.dirty;
    form.closest("[data-part]")?.querySelectorAll(refused).forEach((one) => one.remove());
    if (!page.querySelector("[data-live]")) { form.submit(); return; } // nobody is signed in: that page keeps the text
    if (answer.redirected && new URL(answer.url).pathname !== here().pathname) { location.assign(answer.url); return; }
    document.activeElement?.blur();
    takeOver(page);
    said.textContent = answer.ok ? `${said.dataset.saved} ${new Date().toLocaleTimeString("cs", { hour: "2-digit", minute: "2-digit" })}` : "";
    root.querySelector("[data-focus]")?.focus();
  } catch {
    say("away");
  } finally {
    sending.delete(form);
    delete form.dataset.sent;
    button?.removeAttribute("aria-busy");
  }
}

if (root) {
  remember();
  root.addEventListener("input", (event) => { if (event.target.form) event.target.form.dataset.dirty = ""; });
  root.addEventListener("focusout", () => setTimeout(() => { if (behind) { behind = false; refresh(); } }));
  root.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (!event.target.matches(forms)) { delete event.target.dataset.dirty; return; }
    event.preventDefault();
    send(event.target, event.submitter);
  });
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { used = Date.now(); listen(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) { stream?.close(); stream = null; } else listen(); });
  setInterval(() => { if (stream && Date.now() - used > IDLE_MS) quiet(); }, 60 * 1000);
  addEventListener("beforeunload", (event) => { if ([...root.querySelectorAll("form")].some(isDirty)) event.preventDefault(); });
  addEventListener("pagehide", () => stream?.close());
  listen();
}
