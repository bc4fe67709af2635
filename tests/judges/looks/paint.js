// From the first moment on: when the largest thing was painted, and how far things have jumped about, as Core Web Vitals
// define both.
window.painted = { largest: 0, shifted: 0 };
new PerformanceObserver((list) => {
  for (const paint of list.getEntries()) window.painted.largest = paint.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.painted.shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });
