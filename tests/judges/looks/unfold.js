// Opens what can be opened, so that what lies inside is looked at too.
() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
}
