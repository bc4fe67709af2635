// Keys for those who work here all day. Everything can be done without them, and they are off while somebody types.
// A page gets this file only if they were not switched off on the page of the own account.
const help = document.createElement("dialog");
help.setAttribute("aria-labelledby", "keys-title");
help.innerHTML = `<h2 id="keys-title">キーボード操作</h2><dl class="keys">
<dt>/</dt><dd>検索へ移動する（ご依頼の画面からは、一覧の検索へ）</dd>
<dt>j　k</dt><dd>一覧：次・前のご依頼へ／ご依頼：次・前の見出しへ</dd><dt>o</dt><dd>一覧：選んだご依頼を開く</dd>
<dt>a</dt><dd>ご依頼：「自分が対応する」へ移動する（Enter キーで決定）</dd><dt>n</dt><dd>ご依頼：メモを書く</dd><dt>z</dt><dd>ご依頼：直前の処理を取り消す（時間内のみ）</dd><dt>?</dt><dd>この説明</dd></dl>
<p class="hint">「自分のアカウント」で、キーボード操作をオフにできます。</p>
<form method="dialog"><button class="button button--small">閉じる</button></form>`;
const spoken = document.createElement("p");
spoken.className = "visually-hidden";
spoken.setAttribute("role", "status");
document.body.append(help, spoken);

const rows = () => [...document.querySelectorAll(".list tbody a.code")];
const headings = () => [...document.querySelectorAll("main h2")].filter((one) => one.checkVisibility());
const focusOn = (found) => {
  if (!found) return false;
  found.focus();
  return true;
};
const toHeading = (step) => {
  const all = headings();
  const isBefore = (one) => document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING;
  const here = all.indexOf(document.activeElement);
  const next = here >= 0 ? here + step : all.filter(isBefore).length - (step < 0 ? 1 : 0);
  const found = all[document.activeElement === document.body ? 0 : Math.max(0, Math.min(all.length - 1, next))];
  found?.setAttribute("tabindex", "-1");
  return focusOn(found);
};
const move = (step) => {
  const links = rows();
  if (!document.querySelector(".list")) return toHeading(step);
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  return focusOn(links[Math.max(0, Math.min(links.length - 1, here + step))]);
};
const openAndFocus = (details, field) => {
  if (details) details.open = true;
  return focusOn(field);
};
const toSearch = () => {
  if (!focusOn(document.getElementById("search"))) location.assign("/#search");
  return true;
};
const actions = {
  "/": toSearch,
  j: () => move(1),
  k: () => move(-1),
  o: () => {
    const link = rows().find((one) => one.closest("tr").contains(document.activeElement));
    link?.click();
    return Boolean(link);
  },
  a: () => focusOn(document.querySelector("[data-take]")),
  n: () => openAndFocus(document.getElementById("note"), document.getElementById("note-text")),
  z: () => {
    const button = document.querySelector("[data-take-back]");
    button?.click();
    return Boolean(button);
  },
  "?": () => {
    help.showModal();
    return true;
  },
};

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("textarea, select, dialog[open], [contenteditable], input:not([type=checkbox], [type=radio])");
  if (isTyping || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  spoken.textContent = actions[event.key]() ? "" : `「${event.key}」は、いまは使えません。`;
});

const button = document.getElementById("keys-help");
button.hidden = false;
button.addEventListener("click", actions["?"]);
