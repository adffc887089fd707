// A form of the guide that could not be sent waits on this device, in order, encrypted as a draft is
// (drafts.js), and is sent when the line is back: a tick, a goal, an outcome, an agreement. What the
// server refuses then stays in sight with its reason, until people throw it away. Fields that save
// themselves are left to autosave.js.
import { fill, tell, time, words } from "./guide-words.js";

const RETRY = 3000;
const PATIENCE = 4000; // milliseconds without an answer count as no line
const root = location.pathname.split("/").slice(0, 3).join("/");
const here = location.pathname.match(/^\/s\/[^/]+(\/conversations\/\d+\/)/)?.[1] ?? "";
const { drafts, say, texts } = globalThis.lob;
let items = [];
let sending;
let timer;

const relative = (address) => {
  const { pathname, search } = new URL(address, location.href);
  return pathname.slice(root.length) + search;
};
const addressOf = (form) => relative(form.getAttribute("action") ?? location.href); // `form.action` may be a button
const mayWait = (form) => form.method === "post" && !("now" in form.dataset) && addressOf(form).startsWith(here);
const waits = () => items.filter((one) => !one.refused);

/** The words of a form: what was typed, else what its button says. */
function wordsOf(form, submitter) {
  const typed = [...form.querySelectorAll("textarea, input[type=text]")].filter((one) => !one.dataset.autosave);
  const said = typed.map((one) => one.value.trim()).filter(Boolean).join(" · ");
  const about = document.getElementById(submitter?.getAttribute("aria-describedby") ?? "");
  const name = about?.querySelector(".lob-question__text")?.textContent ?? about?.textContent ?? "";
  return said || [submitter?.textContent, name].map((one) => one?.trim()).filter(Boolean).join(": ");
}

async function add(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const own = new Set([...form.querySelectorAll("[data-autosave]")].map((one) => one.name));
  const fields = [...data].filter(([name]) => name !== "csrf_token" && !own.has(name.replace(/^revision\./, "")));
  const item = {
    id: `${Date.now()}-${Math.random().toString(36).slice(2)}`,
    path: addressOf(form),
    fields,
    what: wordsOf(form, submitter),
  };
  items.push(item);
  await drafts.keep(`post:${item.id}`, item);
  if (form.dataset.keep) {
    for (const [name] of fields) drafts.forget(`${form.dataset.keep}/${name}`, { all: true });
  }
  if (submitter?.hasAttribute("aria-pressed")) press(submitter);
  else form.reset();
  show();
  again();
}

/** A tick looks ticked at once; it can be taken back while it waits. */
function press(button) {
  const ticked = button.value !== "";
  button.value = ticked ? "" : "1";
  button.textContent = ticked ? words.asked : words.notAsked;
  button.setAttribute("aria-pressed", String(ticked));
}

function show() {
  globalThis.lob.waiting = waits().length > 0; // then parts.js leaves the status line alone
  const box = document.getElementById("unsent");
  if (!box) return;
  box.replaceChildren(...items.map(line));
  box.hidden = items.length === 0;
  stay();
  if (waits().length > 0) tell(drafts.keeps ? words.waiting : words.waitingUnkept);
}

/** While there is no line, or something waits, the status stays in view. */
function stay() {
  document.querySelector(".lob-status")?.toggleAttribute("data-waiting", items.length > 0 || !navigator.onLine);
}

function line(item) {
  const row = document.createElement("li");
  row.textContent = item.refused ? fill(words.refused, { what: item.what, why: item.refused }) : item.what;
  if (!item.refused) return row;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.discard });
  button.className = "nl-button nl-button--subtle";
  button.addEventListener("click", async () => {
    await done(item);
    show();
    document.getElementById("main").focus();
  });
  row.append(" ", button);
  return row;
}

async function done(item) {
  items = items.filter((one) => one !== item);
  await drafts.forget(`post:${item.id}`, { all: true });
}

function again() {
  clearTimeout(timer);
  if (waits().length > 0) timer = setTimeout(send, RETRY);
}

/** Send what waits, one window at a time where this frame allows locks. */
async function send() {
  if (waits().length === 0) return;
  const one = () => (sending ??= sendAll().finally(() => (sending = undefined)));
  try {
    await navigator.locks.request("lob-queue", one);
  } catch {
    await one(); // no locks here, as in a stranger's frame; the server adds nothing twice
  }
}

async function sendAll() {
  let answer;
  for (const item of waits()) {
    answer = await post(item);
    if (!answer) return again();
    if (answer.status === 401) return end(await answer.json());
    if (answer.type === "opaqueredirect" || answer.ok) await done(item);
    else await refuse(item, answer);
    show();
  }
  if (!answer) return undefined;
  if (waits().length > 0) return again(); // came in between
  if (items.length > 0) return tell(words.someRefused);
  globalThis.lob.deliveredAt = Date.now(); // parts.js renews what this changed
  tell(fill(words.delivered, { time: time() }));
  const next = document.querySelector("form[data-then]")?.dataset.then;
  if (next) location.assign(next);
  return undefined;
}

/** The server's answer; undefined when there was none, or none that counts. */
async function post({ path, fields }) {
  const body = new URLSearchParams(fields);
  body.append("csrf_token", document.querySelector("input[name=csrf_token]").value);
  body.append("again", "1");
  const headers = { "X-Requested-With": "autosave" };
  try {
    const answer = await fetch(root + path, { method: "POST", body, headers, redirect: "manual" });
    return answer.status >= 500 || answer.status === 429 ? undefined : answer;
  } catch {
    return undefined;
  }
}

async function refuse(item, answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const why = [...page.querySelectorAll("#error-summary li")].map((one) => one.textContent.trim()).join(" ");
  item.refused = why || words.changed;
  await drafts.keep(`post:${item.id}`, item);
}

function end({ course, return_url: address }) {
  const text = (drafts.keeps ? texts.ended : texts.endedUnkept).replace("{course}", course ?? "");
  tell(text);
  say(text, true);
  if (!address) return;
  const link = Object.assign(document.createElement("a"), { href: address, target: "_top", textContent: texts.back });
  document.getElementById("guide-status")?.append(" ", link);
}

const lineIsDead = async () => {
  if (navigator.onLine === false) return true;
  try {
    await fetch("/healthz", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return false;
  } catch {
    return true;
  }
};

async function submitting(event) {
  const { target: form, submitter } = event;
  if (form.lobSure || form.method !== "post" || event.defaultPrevented) return;
  const waiting = waits().length > 0;
  if (form.hasAttribute("hx-post") && navigator.onLine && !waiting) return; // htmx says when it fails
  event.preventDefault();
  event.stopImmediatePropagation();
  if (mayWait(form)) {
    if (waiting || (await lineIsDead())) return add(form, submitter).then(waiting && navigator.onLine ? send : undefined);
  } else if (await lineIsDead()) return tell(words.needsLine);
  form.lobSure = true;
  form.requestSubmit(submitter);
  form.lobSure = false;
}

function leaving(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || navigator.onLine || link.target || link.origin !== location.origin) return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tell(words.stay);
}

export function start() {
  if (!here) return;
  document.addEventListener("submit", submitting, { capture: true });
  document.addEventListener("click", leaving, { capture: true });
  // autosave.js holds a form back while a field around it cannot be saved; here it can wait.
  document.addEventListener("lob:held", ({ target: form, detail }) => {
    if (mayWait(form)) add(form, detail.submitter);
    else tell(words.needsLine);
  });
  document.addEventListener("htmx:sendError", ({ detail: { elt, requestConfig } }) => {
    if (elt.matches("form") && mayWait(elt)) add(elt, requestConfig.triggeringEvent?.submitter);
  });
  window.addEventListener("offline", () => {
    stay();
    if (items.length === 0) tell(words.gone);
  });
  window.addEventListener("online", () => {
    stay();
    if (items.length === 0) tell(words.back);
    send();
  });
  drafts.find("post").then((left) => {
    items = [...left.filter((one) => one.path.startsWith(here)), ...items].sort((a, b) => (a.id < b.id ? -1 : 1));
    show();
    send();
  });
}
