// While a nickname is being typed: who it may be. Sent in the body, never in an address; without scripts the same
// question comes when the form is sent.

const PAUSE_MS = 400;

for (const field of document.querySelectorAll("[data-candidates]")) {
  const here = field.closest("form").querySelector("[data-candidates-here]");
  let timer = 0;
  let asked = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const mine = ++asked;
      if (field.value.trim().length < 2) { here.replaceChildren(); return; }
      try {
        const body = new URLSearchParams({ nickname: field.value });
        const answer = await fetch(field.dataset.candidates, { method: "POST", body });
        const found = answer.ok ? await answer.text() : "";
        if (mine === asked) here.replaceChildren(...new DOMParser().parseFromString(found, "text/html").body.childNodes);
      } catch {
        here.replaceChildren();
      }
    }, PAUSE_MS);
  });
}
