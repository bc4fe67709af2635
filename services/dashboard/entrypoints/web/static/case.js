// A case's page: saves what is typed while it is typed, and says that somebody looks at the case.
// A form that was refused leaves its own address, which is below that of the case.
const path = location.pathname.split("/", 3).join("/");
const newTab = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const PAUSE_MS = 300;
const AGAIN_MS = 4_000;
const LOG_IN = "ログインし直してください。入力した内容はこの画面に残っています";
const NOT_SAVED = "まだ保存できていません。入力した内容はこの画面に残っています";

class Draft {
  constructor(field) {
    this.field = field;
    this.form = field.form;
    this.status = document.getElementById(`${field.dataset.draft}-saved`);
    this.tab = newTab();
    this.number = 0;
    this.saved = field.value;
    field.addEventListener("input", () => {
      if (!this.isSaving) this.status.textContent = "";
      this.later(PAUSE_MS);
    });
    this.form.addEventListener("submit", () => {
      // What is sent now is the last that this tab has: what it has saved before is done with it.
      clearTimeout(this.timer);
      this.isSent = true;
      this.number += 1;
      this.form.elements.draft_tab.value = this.tab;
      this.form.elements.draft_number.value = this.number;
    });
  }

  get isDirty() {
    return this.field.value !== this.saved;
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  next() {
    this.number += 1;
    return new URLSearchParams({
      form: this.field.dataset.draft, tab: this.tab, number: this.number, text: this.field.value,
      draft_source: this.form.elements.draft_source.value,
    });
  }

  async save() {
    if (this.isSaving || this.isSent || !this.isDirty) return;
    this.isSaving = true;
    const text = this.field.value;
    let again = 0;
    try {
      const answer = await fetch(`${path}/draft`, { method: "PUT", body: this.next(), redirect: "manual", signal: AbortSignal.timeout(10_000) });
      if (answer.ok) {
        const { saved, others } = await answer.json();
        this.saved = text;
        this.status.textContent = this.isDirty ? "" : `下書きを保存しました（${saved}）。まだ記録していません。${others ? "別の画面で入力した内容もあります。この画面を開き直すと、両方を確認できます。" : ""}`;
        again = this.isDirty ? PAUSE_MS : 0;
      } else if (answer.status === 409) {
        // Sent from here before, and gone on with by the browser's back button: a text of its own from now on.
        this.tab = newTab();
        this.status.textContent = NOT_SAVED;
        again = AGAIN_MS;
      } else {
        this.status.textContent = answer.status === 401 || answer.type === "opaqueredirect" ? LOG_IN : NOT_SAVED;
        again = AGAIN_MS;
      }
    } catch {
      this.status.textContent = NOT_SAVED;
      again = AGAIN_MS;
    }
    this.isSaving = false;
    if (again) this.later(again);
  }

  leave() {
    if (!this.isSent && this.isDirty) navigator.sendBeacon(`${path}/draft`, this.next());
  }
}

const drafts = [...document.querySelectorAll("textarea[data-draft]")].map((field) => new Draft(field));

const tab = newTab();
const look = (more = {}) => {
  const typing = drafts.some((draft) => draft.field.value.trim() && !draft.isSent) ? "1" : "";
  navigator.sendBeacon(`${path}/presence`, new URLSearchParams({ tab, typing, ...more }));
  return typing;
};
let said = "";
const lookNow = () => {
  if (document.visibilityState === "visible") said = look();
};
lookNow();
setInterval(lookNow, 5_000);
for (const { field } of drafts) {
  field.addEventListener("input", () => {
    if (Boolean(field.value.trim()) !== Boolean(said)) lookNow();
  });
}
document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? lookNow() : look({ gone: "1" })));
addEventListener("pagehide", () => {
  for (const draft of drafts) draft.leave();
  look({ gone: "1" });
});
addEventListener("pageshow", () => {
  for (const draft of drafts) draft.isSent = false;
  lookNow();
});

// How long a decision can still be taken back. By the time that is left, not by the clock here, which may be wrong.
const box = document.getElementById("take-back");
for (const form of box?.querySelectorAll("form") ?? []) {
  const end = performance.now() + Number(form.dataset.leftMs);
  const left = form.querySelector("[data-left]");
  const tick = setInterval(() => {
    const seconds = Math.ceil((end - performance.now()) / 1_000);
    left.textContent = `（あと${seconds}秒）`;
    if (seconds > 0) return;
    clearInterval(tick);
    const hadFocus = form.contains(document.activeElement);
    form.replaceChildren("取り消せる時間が過ぎました。この処理は実行されます。");
    if (hadFocus) box.focus();
  }, 250);
}

// A long part that is folded must be on paper too.
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.fold")) part.open = true;
});
