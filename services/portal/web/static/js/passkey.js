// Passkeys: the one thing of signing in that needs scripts. A form with `data-passkey` asks its server for options,
// lets the browser answer them, and is then sent as any other form. Where a browser cannot, nothing of it is shown.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (one) => ({ ...one, id: bytes(one.id) });

async function make(asked) {
  return navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: (asked.excludeCredentials ?? []).map(described),
    },
  });
}

async function get(asked) {
  return navigator.credentials.get({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      allowCredentials: (asked.allowCredentials ?? []).map(described),
    },
  });
}

function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const said = form.querySelector("[data-said]");
  form.hidden = false;
  form.nextElementSibling?.querySelector(".primary")?.classList.replace("primary", "secondary");
  form.closest("[data-passkey-part]")?.removeAttribute("hidden");
  let isReady = false;
  form.addEventListener("submit", async (event) => {
    if (isReady) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    said.textContent = "";
    try {
      const asked = await fetch(form.dataset.ask, { method: "POST", headers: { Accept: "application/json" } });
      if (!asked.ok) throw new Error("away");
      const offer = await asked.json();
      const credential = await (form.dataset.passkey === "make" ? make : get)(JSON.parse(offer.options));
      form.elements.ticket.value = offer.ticket;
      form.elements.credential.value = answer(credential);
      isReady = true;
      form.requestSubmit();
    } catch (error) {
      said.textContent = error.message === "away" ? said.dataset.away : said.dataset.cancelled;
    }
  }, { capture: true });
}
