// One key, one step. Never while somebody types, never with Ctrl, Alt or Cmd, and not at all when the
// teacher turned them off (WCAG 2.1.4). lti_tool/guide/choices.py tells people which keys there are.
import { keysAreOn } from "./guide-words.js";

const TYPED_IN = "input, textarea, select, [contenteditable]";
const QUESTION = ".lob-question:has(form[id^='mark-'], .lob-probe)";
const find = (selector) => document.querySelector(selector);
let last;

/** Questions that can be seen: not those in a closed fold. */
const questions = () => [...document.querySelectorAll(QUESTION)].filter((one) => !one.closest("details:not([open])"));

/** The question that has the focus, or had it last, or is alone on the table. */
function current() {
  const focused = document.activeElement.closest(QUESTION);
  const all = questions();
  return focused ?? (all.includes(last) ? last : all.length === 1 ? all[0] : undefined);
}

function goTo(question) {
  if (!question) return;
  last = question;
  question.tabIndex = -1;
  question.focus();
}

function step(by) {
  const link = find(by > 0 ? "#question-after" : "#question-before");
  if (link || find(".lob-one")) return link?.click();
  const all = questions();
  const here = all.indexOf(current());
  return goTo(all[here < 0 ? 0 : here + by]);
}

/** Open or close a fold, and stand at it. */
function fold(details, open = !details?.open) {
  if (!details) return;
  details.open = open;
  details.querySelector("summary").focus();
}

function write() {
  const fields = [...document.querySelectorAll("main :is(textarea, input[type=text])")];
  const open = fields.filter((one) => !one.closest("details:not([open]), #question-list"));
  (open.find((one) => one.closest(".lob-records")) ?? open[0])?.focus();
}

const ACTS = {
  n: () => find("[data-go='after']")?.click(),
  p: () => find("[data-go='before']")?.click(),
  j: () => step(1),
  k: () => step(-1),
  g: () => current()?.querySelector("form[id^='mark-'] button")?.click(),
  d: () => fold(current()?.querySelector(".lob-probe")),
  t: () => fold(find("#explanation")),
  m: () => fold(find("#must-answer"), true),
  o: write,
  w: () => find("#one-by-one")?.click(),
  "?": () => find("#options")?.click(),
};

function phase(key) {
  const number = key === "0" ? 10 : Number(key);
  document.querySelectorAll(".lob-phases__link")[number - 1]?.click();
}

function pressed(event) {
  const { key, target, repeat } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  const typing = target.matches(TYPED_IN);
  if (key === "Escape" && typing) {
    target.blur();
    return goTo(current() ?? questions()[0]);
  }
  if (typing || repeat) return;
  const act = ACTS[key] ?? (/^\d$/.test(key) ? () => phase(key) : undefined);
  if (!act) return;
  event.preventDefault();
  act();
}

export function start() {
  if (!keysAreOn) return;
  document.addEventListener("keydown", pressed);
  document.addEventListener("focusin", ({ target }) => {
    last = target.closest(QUESTION) ?? last;
  });
}
