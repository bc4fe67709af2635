// Keys for those who work here all day. Everything can be done without them, and they are off while somebody types.
const help = document.createElement("dialog");
help.innerHTML = `<h2>キーボード操作</h2><dl class="keys">
<dt>/</dt><dd>一覧：検索へ</dd><dt>j　k</dt><dd>一覧：次・前のご依頼へ</dd><dt>o</dt><dd>一覧：選んだご依頼を開く</dd>
<dt>a</dt><dd>ご依頼：自分が対応する</dd><dt>n</dt><dd>ご依頼：メモを書く</dd><dt>z</dt><dd>ご依頼：直前の処理を取り消す（10秒以内）</dd><dt>?</dt><dd>この説明</dd></dl>
<form method="dialog"><button class="button button--small">閉じる</button></form>`;
document.body.append(help);

const rows = () => [...document.querySelectorAll(".list tbody a.code")];
const move = (step) => {
  const links = rows();
  const here = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  links[Math.max(0, Math.min(links.length - 1, here + step))]?.focus();
};
const openAndFocus = (details, field) => {
  if (details) details.open = true;
  field?.focus();
};
const actions = {
  "/": () => document.getElementById("search")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  o: () => rows().find((link) => link.closest("tr").contains(document.activeElement))?.click(),
  a: () => document.querySelector("[data-take]")?.click(),
  n: () => openAndFocus(document.getElementById("note"), document.getElementById("note-text")),
  z: () => document.querySelector("[data-take-back]")?.click(),
  "?": () => help.showModal(),
};

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("textarea, select, dialog[open], [contenteditable], input:not([type=checkbox], [type=radio])");
  if (isTyping || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
});
