// Where the focus goes when a page or a part of it was replaced.

/** After an error: to the summary. After a part was swapped: into it, unless it renews itself. */
export function start() {
  document.querySelector("#error-summary")?.focus();
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (document.activeElement !== document.body || target.matches("[data-live]")) return;
    const place = target.querySelector("[autofocus], [aria-invalid='true'], h2, h3") ?? target;
    if (!place.matches("a, button, input, select, textarea")) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  });
}
