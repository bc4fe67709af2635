// Comfort only: the form works without any of this, and the server is the judge in any case.

// A second click would send the same request again; the server knows it for what it is, the person need not wait twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
});
// Coming back by the browser's own back button must not find a dead form.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sending;
});

document.querySelector("[data-focus]")?.focus();

// 1,234,567千円 is read back as 12億3456万7000円, because a slip of three zeros is easily made.
const inWords = (thousandYen) => {
  let rest = BigInt(thousandYen) * 1000n;
  if (rest === 0n) return "0円";
  let words = "";
  for (const [unit, size] of [["兆", 10n ** 12n], ["億", 10n ** 8n], ["万", 10n ** 4n], ["", 1n]]) {
    if (rest / size) words += `${rest / size}${unit}`;
    rest %= size;
  }
  return `${words}円`;
};
for (const input of document.querySelectorAll("[data-thousand-yen]")) {
  const output = document.getElementById(input.dataset.thousandYen);
  const echo = () => {
    const digits = input.value.normalize("NFKC").replace(/[,、\s]/g, "");
    output.textContent = /^\d{1,15}$/.test(digits) ? `＝ ${inWords(digits)}` : "";
  };
  input.addEventListener("input", echo);
  echo();
}
