// What a page can do better where scripts run. Without them everything works all the same.

// The summary of errors takes focus, also where `autofocus` on a block is not known.
document.querySelector("[data-focus]")?.focus();

// Each of its lines says which field it means.
for (const link of document.querySelectorAll("[data-focus] a[href^='#f-']")) {
  const field = document.getElementById(link.hash.slice(1));
  const label = field?.closest("fieldset")?.querySelector("legend") ?? field?.labels?.[0];
  const name = label?.firstChild?.textContent.trim();
  if (name && !link.textContent.startsWith(name)) link.prepend(`${name}: `);
}

// Plus and minus beside a small number.
for (const stepper of document.querySelectorAll("[data-stepper]")) {
  const input = stepper.querySelector("input");
  for (const button of stepper.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.dataset.step === "1") input.stepUp(); else input.stepDown();
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// No connection: said as long as it lasts, and nothing that was written is thrown at a page that cannot come.
const away = document.querySelector("[data-offline]")?.firstElementChild;
const look = () => { if (away) away.hidden = navigator.onLine; };
addEventListener("online", look);
addEventListener("offline", look);
look();

// A second press while the first is on its way is not needed; the label stays, and nothing is disabled.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (form.dataset.sent || !navigator.onLine) { event.preventDefault(); look(); return; }
    if (form.target === "_blank" || pressed?.hasAttribute("download")) return;
    form.dataset.sent = "1";
    pressed?.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Two minutes before the session ends: a word, and a way to stay.
const expiry = document.querySelector("[data-expires]");
if (expiry) {
  const [word, stay] = [expiry.firstElementChild, expiry.querySelector("button")];
  const wait = () => setTimeout(() => { word.hidden = false; }, Math.max(expiry.dataset.expires - 120, 1) * 1000);
  stay.addEventListener("click", async () => {
    const answer = await fetch("/napoveda").catch(() => null);
    if (answer?.ok && !answer.redirected) { word.hidden = true; wait(); }
  });
  wait();
}

// Printing.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// `data-filter="id"` on a search field narrows the list with that id; `data-filter-none` is shown when nothing is left.
for (const field of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(field.dataset.filter);
  const none = document.querySelector(`[data-filter-none="${field.dataset.filter}"]`);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  field.addEventListener("input", () => {
    const wanted = plain(field.value.trim());
    let left = 0;
    for (const item of list.children) {
      item.hidden = !plain(item.textContent).includes(wanted);
      if (!item.hidden) left += 1;
    }
    if (none) none.hidden = left > 0;
  });
}
