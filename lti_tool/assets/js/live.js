// The part of a page that asks by itself what is new: not unseen, and never under somebody's hands.

const TYPED = "textarea, input:not([type='hidden'])";

/** Whether renewing the part now would take focus or typed text away. */
export function inUse(part) {
  return part.contains(document.activeElement) || isFilledIn(part);
}

/** Whether something was typed or chosen in it that the server does not have. */
export function isFilledIn(part) {
  const changed = (field) => field.value !== field.defaultValue || (field.checked ?? false) !== (field.defaultChecked ?? false);
  return [...part.querySelectorAll(TYPED)].some(changed);
}

/** Hold what is asked while the page is hidden, and what is answered while the part is in use. */
export function start() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (!part.matches("[data-live]")) return;
    if (part.dataset.ended || document.hidden || inUse(part)) event.preventDefault();
  });
  document.addEventListener("htmx:responseError", ({ detail: { elt: part, xhr } }) => {
    // An ended session, or no longer theirs: asking again changes nothing. "Vernieuwen" says why.
    if (part.matches("[data-live]") && xhr.status < 500) part.dataset.ended = "true";
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.detail.elt;
    if (part?.matches("[data-live]") && inUse(part)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSwap", ({ target: part }) => {
    const line = document.querySelector("[data-live-words]");
    // With the time, so that another minute's news is other words, and is announced too.
    if (part.id === "live" && line) line.textContent = `${line.dataset.liveWords} ${new Date().toTimeString().slice(0, 5)}`;
  });
}
