// A double click sends a form once. Not by `disabled`: the button's name and value would stay behind.
const PATIENCE = 5000; // milliseconds; after a download, or without an answer, people may try again
const sent = new Map();

function submitting(event) {
  const { target: form, timeStamp } = event;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (timeStamp - (sent.get(form) ?? -PATIENCE) < PATIENCE) event.preventDefault();
  else sent.set(form, timeStamp);
}

export function start() {
  // On the window, after all others: what they hold back does not leave the page.
  window.addEventListener("submit", submitting);
  window.addEventListener("pageshow", () => sent.clear());
}
