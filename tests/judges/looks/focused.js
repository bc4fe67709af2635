// What has the focus: what it is, whether it leads on, whether that can be seen (WCAG 2.4.7), and whether anything lies over it (2.4.11).
() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const parts = [here, ...(here.matches("[type=radio], [type=checkbox]") ? here.labels : [])];
  const ringed = parts.some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const ours = (hit) => hit && parts.some((one) => one.contains(hit));
  const visible = parts.some((one) => {
    const box = one.getClientRects()[0];
    if (!box || box.top < -1 || box.left < -1 || box.bottom > innerHeight + 1 || box.right > innerWidth + 1) return false;
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const places = [[x, y], [x, box.top + 2], [x, box.bottom - 2], [box.left + 2, y], [box.right - 2, y]];
    return places.every(([left, top]) => ours(document.elementFromPoint(left, top)));
  });
  const { tagName, type, name, value, checked, id, readOnly } = here;
  return {
    tag: tagName.toLowerCase(), type: type ?? "", name: name ?? "", value: String(value ?? ""), id,
    checked: Boolean(checked), readonly: Boolean(readOnly), text: here.textContent.trim().slice(0, 30),
    goes: here.matches("[data-go]"), ringed, visible,
  };
}
