// Logs in with a passkey, or makes one. Without this file, or in a browser that cannot, the form works as before.
"use strict";

const host = location.hostname;
// A key belongs to a name, not to an address (WebAuthn, 5.1.3).
const isName = !/^[0-9.]+$/.test(host) && !host.includes(":");

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (isName && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (!form.elements.credential.value) {
        event.preventDefault();
        answer(form);
      }
    });
  }
}

async function answer(form) {
  const problem = form.querySelector("[data-problem]");
  problem.hidden = true;
  try {
    const response = await fetch(form.dataset.options, { method: "POST" });
    const options = await response.json();
    const credential = form.dataset.passkey === "make"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
    form.elements.credential.value = JSON.stringify(credential);
    form.submit();
  } catch {
    problem.hidden = false;
  }
}
