/* Passkeys: asks the browser for one and sends its answer with the page's own form. What needs scripts is hidden until this has run. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function options(form) {
  const token = new FormData(form).get("csrf_token");
  const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams({ csrf_token: token }), redirect: "manual" });
  if (!answer.ok) {
    window.location.reload();
    throw new Error("The desk asks for something else first.");
  }
  const asked = await answer.json();
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  for (const known of asked.excludeCredentials ?? []) known.id = bytes(known.id);
  return asked;
}

function said(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = text(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
}

async function use(form) {
  const publicKey = await options(form);
  const made = form.dataset.passkey === "new" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey });
  form.elements.credential.value = said(await made);
  form.submit();
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.closest("[hidden]")?.removeAttribute("hidden");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.textContent = "";
      use(form).catch(() => { failed.textContent = failed.dataset.passkeyFailed; });
    });
  }
  for (const one of document.querySelectorAll("[data-without-passkeys]")) one.hidden = true;
}
