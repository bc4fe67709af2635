// What paint.js has noted, once everything that was to be painted has been.
() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => tell(window.painted)))));
