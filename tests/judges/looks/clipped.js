// What cannot be read, or runs into its neighbours, once a reader spaces the text out as WCAG 1.4.12 says.
// A style sheet made here is no business of the page's Content-Security-Policy, as a reader's own would not be either.
() => {
  const spaced = new CSSStyleSheet();
  spaced.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, spaced];
  const says = (one) => [...one.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
  const onlyForScreenReaders = (one) => one.clientWidth <= 1 || one.clientHeight <= 1;
  const cut = (one) => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2;
  const scrolls = (one) => /auto|scroll/.test(getComputedStyle(one).overflow) || one.matches("textarea, input");
  const found = [...document.body.querySelectorAll("*")].filter(
    (one) => one.checkVisibility() && (says(one) || getComputedStyle(one).overflow !== "visible")
      && !onlyForScreenReaders(one) && !scrolls(one) && cut(one),
  );
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== spaced);
  return found.map((one) => `${one.tagName.toLowerCase()} ${one.textContent.trim().slice(0, 30)}`);
}
