// For convenience only: the form works without any of this, and the server decides in any case.

// A second click would send the same request again; the server recognises the repetition, and the customer need not wait twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  // Whoever stopped it, or had no network, stays on a page that must work.
  setTimeout(() => delete form.dataset.sending, 10_000);
});
// Coming back by the browser's own back button must not find a form that cannot be sent.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sending;
});

document.querySelector("[data-focus]")?.focus();

// 1,234,567千円 is read back as 12億3,456万7,000円, because three zeros too many are easily typed.
const inWords = (thousandYen) => {
  let rest = BigInt(thousandYen) * 1000n;
  if (rest === 0n) return "0円";
  let words = "";
  for (const [unit, size] of [["兆", 10n ** 12n], ["億", 10n ** 8n], ["万", 10n ** 4n], ["", 1n]]) {
    if (rest / size) words += `${(rest / size).toLocaleString("en")}${unit}`;
    rest %= size;
  }
  return `${words}円`;
};
for (const input of document.querySelectorAll("[data-thousand-yen]")) {
  const output = document.getElementById(input.dataset.thousandYen);
  // What is typed with a unit is read by the server alone: it need not be shown twice.
  input.addEventListener("input", () => {
    const digits = input.value.normalize("NFKC").replace(/[,、\s]/g, "");
    output.textContent = /^\d{1,15}$/.test(digits) ? `＝ ${inWords(digits)}` : "";
  });
}

// What is wrong is said until it is being corrected; whether it is right now, the server says.
for (const wrong of document.querySelectorAll(".wrong")) {
  wrong.addEventListener("input", () => {
    wrong.classList.remove("wrong");
    for (const field of [wrong, ...wrong.querySelectorAll("[aria-invalid]")]) field.removeAttribute("aria-invalid");
    for (const error of wrong.querySelectorAll(".error")) error.hidden = true;
  }, { once: true });
}

// 「なし」 cannot be chosen together with others.
for (const box of document.querySelectorAll("input[type=checkbox]")) {
  box.addEventListener("change", () => {
    if (!box.checked) return;
    for (const other of document.querySelectorAll(`input[type=checkbox][name="${box.name}"]`)) {
      if (other !== box && (box.dataset.excludes === "" || other.dataset.excludes === "")) other.checked = false;
    }
  });
}

// One address for the code, and nothing typed yet: there is nothing to choose, so the page need not be sent.
for (const button of document.querySelectorAll("[data-address]")) {
  button.addEventListener("click", async (event) => {
    const form = button.form;
    const address = form.querySelector("[autocomplete=address-line1]");
    if (!address || address.value.trim()) return;
    event.preventDefault();
    const code = encodeURIComponent(document.getElementById(button.dataset.address).value);
    let found = [];
    try {
      found = (await (await fetch(`addresses?postal_code=${code}`)).json()).addresses ?? [];
    } catch {
      // The server answers the same when the page is sent.
    }
    if (found.length === 1) {
      address.value = found[0];
      address.focus();
      const status = document.getElementById(`${button.dataset.address}-status`);
      status.textContent = "住所を入力しました。番地などを続けて入力してください。";
    } else {
      form.requestSubmit(button);
    }
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      document.getElementById(`${button.dataset.copy}-status`).textContent = "コピーしました。";
    } catch {
      document.getElementById(`${button.dataset.copy}-status`).textContent = "選択しました。Ctrl+C などでコピーしてください。";
    }
  });
}

// What could not be saved is sent again by itself; whoever types on meanwhile sends it when they are ready.
for (const form of document.querySelectorAll("[data-retry]")) {
  const status = document.querySelector("[data-count]");
  let seconds = 15;
  const timer = setInterval(() => {
    seconds -= 1;
    if (status && seconds % 5 === 0) status.textContent = seconds ? `${seconds}秒後に自動で再送信します。` : "再送信しています。";
    if (seconds > 0) return;
    clearInterval(timer);
    form.requestSubmit(form.querySelector("[data-go]"));
  }, 1000);
  if (status) status.textContent = `${seconds}秒後に自動で再送信します。`;
  form.addEventListener("input", () => {
    clearInterval(timer);
    if (status) status.textContent = "自動の再送信を止めました。入力が終わったら「再送信する」を押してください。";
  });
}

// Whether a PDF is the one that was sent: only its hash leaves this machine. Without HTTPS no browser computes one.
for (const file of document.querySelectorAll("[data-hash]")) {
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const field = document.getElementById(file.dataset.hash);
    try {
      const hash = await crypto.subtle.digest("SHA-256", await file.files[0].arrayBuffer());
      field.value = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      field.form.requestSubmit();
    } catch {
      document.getElementById(`${file.id}-status`).textContent = "このブラウザーでは計算できませんでした。下の欄に値を入力してください。";
    }
  });
}
