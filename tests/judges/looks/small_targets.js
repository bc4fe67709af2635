// What is to be pressed and is smaller than 24 × 24 px (WCAG 2.5.8). A box or button of a choice counts with its label;
// a link inside a sentence is as high as its line, and exempt.
() => {
  const inASentence = (one) =>
    one.matches("a[href]") &&
    getComputedStyle(one).display === "inline" &&
    [...one.parentElement.childNodes].some((beside) => beside !== one && beside.nodeType === Node.TEXT_NODE && beside.data.trim());
  const boxOf = (one) => {
    const boxes = [one, ...(one.matches("[type=radio], [type=checkbox]") ? one.labels : [])].map((part) => part.getBoundingClientRect());
    return { width: Math.max(...boxes.map((box) => box.width)), height: Math.max(...boxes.map((box) => box.height)) };
  };
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest("[aria-hidden=true]");
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
    .filter((one) => shown(one) && one.type !== "hidden" && !inASentence(one))
    .map((one) => [one, boxOf(one)])
    .filter(([, box]) => Math.min(box.width, box.height) < 24)
    .map(([one, box]) => `${one.tagName.toLowerCase()} ${(one.name || one.textContent).trim().slice(0, 30)}: ${box.width} × ${box.height}`);
}
