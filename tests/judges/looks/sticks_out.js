// What reaches beyond the right edge of the window, so that a reader would have to scroll sideways (WCAG 1.4.10).
() => {
  const edge = document.documentElement.clientWidth;
  const scrollsItself = (one) => one !== document.body && getComputedStyle(one).overflowX !== "visible";
  const within = (one) => {
    for (let above = one.parentElement; above && above !== document.documentElement; above = above.parentElement) {
      if (scrollsItself(above)) return true;
    }
    return false;
  };
  const found = [...document.body.querySelectorAll("*")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.right > edge + 1 && !within(one);
  });
  const page = document.scrollingElement.scrollWidth > edge ? [`the page is ${document.scrollingElement.scrollWidth} wide`] : [];
  return [...page, ...found.map((one) => `${one.tagName.toLowerCase()}#${one.id} ${one.textContent.trim().slice(0, 30)}`)];
}
