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

// Every answer is saved as it is given, within a second or two. The page says so only when the server has said so.
// The same checksum as `domain/elsewhere.py`: by it the server tells this window's own answers from those of another.
const mark = (text) => {
  let sum = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return (~sum >>> 0).toString(16);
};
for (const form of document.querySelectorAll("[data-keep]")) {
  const line = form.querySelector("[data-saved]");
  const said = form.querySelector("[data-said]");
  const known = new Map(form.elements._seen.value.split(" ").map((pair) => pair.split("=")).map(([key, own]) => [key, { saved: [own], sent: [] }]));
  const marks = () => {
    const typed = new FormData(form);
    return [...known.keys()].map((key) => `${key}=${mark(typed.getAll(key).join("\n"))}`).join(" ");
  };
  let [saved, timer, first, isBusy, isSent, isOver, news] = [form.elements._seen.value, 0, 0, false, false, false, null];

  form.addEventListener("formdata", (event) => {
    event.formData.set("_seen", [...known].map(([key, own]) => `${key}=${[...own.saved, ...own.sent].join(",")}`).join(" "));
  });
  const take = () => {
    const body = new URLSearchParams(new FormData(form));
    for (const [key, own] of marks().split(" ").map((pair) => pair.split("="))) {
      // The newest is the last: what differs from it was changed since.
      known.get(key).sent.push(own);
    }
    return body;
  };
  const tell = (text, kind) => {
    line.textContent = text;
    if (kind !== news) said.textContent = text;
    news = kind;
  };
  const wait = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };
  const save = async () => {
    first = 0;
    const sending = marks();
    if (isBusy || isSent || isOver || sending === saved) return;
    isBusy = true;
    try {
      const reply = await fetch(form.dataset.keep, { method: "POST", body: take(), keepalive: true });
      if ([404, 410, 413].includes(reply.status)) {
        isOver = true;
        tell("この画面の入力は、まだ保存されていません。ページの下のボタンを押すと、保存してお知らせします。", "over");
        return;
      }
      const { saved: at, elsewhere } = await reply.json();
      saved = sending;
      for (const [key, own] of known) {
        // What another window has answered differently was not saved from here: it is shown with this when it is sent.
        if (!elsewhere.includes(key)) own.saved = own.sent.slice(-1);
        own.sent = [];
      }
      tell(`保存しました ${at}${elsewhere.length ? "（別の画面で入力された項目があります。次へ進むときに、ご確認いただけます）" : ""}`, elsewhere.join(" "));
      if (marks() !== saved) wait(1_000);
    } catch {
      tell("まだ保存できていません。自動でもう一度保存しますので、この画面は閉じないでください。", "failed");
      wait(10_000);
    } finally {
      isBusy = false;
    }
  };
  form.addEventListener("input", () => {
    isSent = false;
    first ||= Date.now();
    // Whoever types without a pause is saved all the same.
    wait(Date.now() - first > 4_000 ? 0 : 1_000);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    clearTimeout(timer);
  });
  addEventListener("pagehide", () => {
    if (!isSent && !isOver && marks() !== saved) navigator.sendBeacon(form.dataset.keep, take());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  // Whoever comes back finds what the browser has kept of the fields: that must be saved as well.
  addEventListener("pageshow", () => {
    isSent = false;
    save();
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

// Folded answers are opened at once, and for browsers whose paper would leave them out.
const unfold = () => {
  for (const folded of document.querySelectorAll(".fold")) folded.open = true;
};
document.querySelector("[data-unfold]")?.addEventListener("click", unfold);
addEventListener("beforeprint", unfold);

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

// The result appears when it is there: asked for a little later each time, and for ten minutes at most.
const live = document.querySelector("[data-follow]");
if (live) {
  const until = Date.now() + 600_000;
  let wait = 2_000;
  let known = "";
  const look = async () => {
    try {
      const status = await (await fetch(live.dataset.follow)).text();
      if (status !== known) {
        const page = await (await fetch(location.href)).text();
        const fresh = new DOMParser().parseFromString(page, "text/html");
        const result = fresh.getElementById("result");
        for (const part of [live, document.getElementById("next")]) {
          const now = fresh.getElementById(part.id);
          if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
        }
        if (result && !result.dataset.follow) return;
        known = status;
      }
    } catch {
      // Without a network the page stays as it is, and looks again.
    }
    wait = Math.min(wait * 1.5, 30_000);
    if (Date.now() < until) setTimeout(look, wait);
  };
  setTimeout(look, wait);
}
