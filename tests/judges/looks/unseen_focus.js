// What can have the focus and does not show that it has it (WCAG 2.4.7). To be asked after a key was pressed.
() => {
  const drawn = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const name = (one) => `${one.tagName.toLowerCase()} ${(one.name || one.textContent).trim().slice(0, 30)}`;
  const found = [];
  for (const one of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
    if (one.type === "hidden" || one.disabled || !one.checkVisibility({ visibilityProperty: true })) continue;
    one.focus({ preventScroll: true });
    if (document.activeElement !== one) found.push(`${name(one)}: takes no focus`);
    else if (![one, ...(one.labels ?? [])].some(drawn)) found.push(name(one));
  }
  document.activeElement?.blur();
  return found;
}
