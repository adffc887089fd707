// The guide asks, as the pupil's page does (live.js), what is new, and renews the parts that changed.
// A part somebody is busy in waits until they are done: no focus and no typed text is ever taken.
import { fill, tell, time, words } from "./guide-words.js";
import { inUse, isFilledIn } from "./live.js";

const OWN = 10000; // milliseconds in which news is what this page itself just delivered
const ASKS = "news"; // the element that asks; it stands last in its own list of parts
let waiting = [];
let changed = false;

const text = (node) => node.textContent.replace(/\s+/g, " ").trim();

const isOwn = () => Date.now() - (globalThis.lob.deliveredAt ?? -OWN) < OWN;

/** Somebody types or stands in it; after a delivery the button that was pressed is no reason to wait. */
function isBusy(part) {
  const button = isOwn() && document.activeElement.matches("button");
  return button ? isFilledIn(part) : inUse(part);
}

/** What was open stays open. */
function keepFolds(from, to) {
  const before = [...from.querySelectorAll("details")];
  const after = [...to.querySelectorAll("details")];
  if (before.length === after.length) after.forEach((one, place) => (one.open = before[place].open));
}

function renew(event) {
  const { target, fragment } = event.detail;
  const asks = document.getElementById(ASKS);
  if (!asks?.dataset.asking) return;
  if (target.id === ASKS) {
    // Its new version counts only when everything could be renewed.
    event.detail.shouldSwap = waiting.length === 0;
    delete asks.dataset.asking;
    if (changed && !isOwn() && !globalThis.lob.waiting) tell(fill(words.news, { time: time() }));
  } else if (text(target) === text(fragment)) {
    event.detail.shouldSwap = false;
  } else if (isBusy(target)) {
    event.detail.shouldSwap = false;
    waiting.push(target.id);
  } else {
    keepFolds(target, fragment);
    changed = true;
  }
}

export function start() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id !== ASKS) return;
    const parts = waiting.map((id) => document.getElementById(id)).filter(Boolean);
    if (parts.some(isBusy)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", ({ detail: { elt, xhr } }) => {
    if (elt?.id !== ASKS || xhr.status !== 200) return;
    elt.dataset.asking = "true";
    waiting = [];
    changed = false;
  });
  document.addEventListener("htmx:oobBeforeSwap", renew);
}
