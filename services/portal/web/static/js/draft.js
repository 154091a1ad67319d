// Keeps what is being written: `<form data-draft="name">` sends its fields to /rozepsane two seconds after the last
// letter, and at once when the page is left. The server answers {"at": "14:32"}; the words come from the page.

const PAUSE_MS = 2000;
const SKIPPED = new Set(["id", "version"]);

const watched = new WeakSet();

function watch(form) {
  watched.add(form);
  const note = form.querySelector("[data-draft-note]");
  let timer = 0;
  let kept = written(form);

  const keep = async (leaving) => {
    clearTimeout(timer);
    const now = written(form);
    if (now === kept || form.dataset.sent || !form.isConnected) return;
    const before = kept;
    kept = now;
    const body = new URLSearchParams(now);
    body.set("draft", form.dataset.draft);
    try {
      // A browser lets at most 64 KB outlive the page; a longer text goes with the last regular saving.
      const answer = await fetch("/rozepsane", { method: "POST", body, keepalive: leaving && now.length < 60000 });
      if (!answer.ok) throw new Error(String(answer.status));
      const { at } = await answer.json();
      tell(note?.dataset.kept?.replace("{at}", at));
    } catch {
      kept = before;
      tell(note?.dataset.away);
    }
  };
  const tell = (words) => { if (note && words) note.textContent = words; };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(false), PAUSE_MS);
  });
  addEventListener("pagehide", () => keep(true));
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
}

// Forms that are there, and those a living page (live.js) takes over later.
function watchAll() {
  for (const form of document.querySelectorAll("form[data-draft]")) if (!watched.has(form)) watch(form);
}
watchAll();
document.addEventListener("taken-over", watchAll);

function written(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !SKIPPED.has(name)) fields.append(name, value);
  }
  for (const secret of form.querySelectorAll("input[type=password]")) fields.delete(secret.name);
  return String(fields);
}
