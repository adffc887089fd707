// Every textarea with data-autosave saves itself. Each write names the revision it was based on, so two
// windows never silently overwrite each other; what the server does not have yet is kept as a draft.
const PAUSE = 700; // milliseconds of not typing before a save
const RETRIES = [2000, 5000, 15000, 30000];
const content = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
export const texts = JSON.parse(content("loopbaan-texts") || "{}");
const fields = new Map();
let drafts;
let ended = false;

/** Say something in the page's one live region; only a change of words is announced. */
export function say(text, failed = false) {
  for (const node of document.querySelectorAll("[data-save-status]")) {
    if (failed) node.dataset.state = "failed";
    else delete node.dataset.state;
    if (node.textContent !== text) node.textContent = text;
  }
}

class Field {
  #timer;
  #running;
  #attempt = 0;
  #conflict;

  constructor(area) {
    this.area = area;
    this.saved = area.defaultValue;
    this.revision = Number(area.dataset.revision);
    this.blocked = false;
    area.addEventListener("input", () => this.typed());
    area.addEventListener("blur", () => this.save());
  }

  get dirty() {
    return this.area.value !== this.saved;
  }

  typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), PAUSE);
    if (!this.dirty) return undefined;
    return drafts.keep(this.area.dataset.draft, { text: this.area.value, revision: this.revision });
  }

  /** Save until nothing is left to save; resolves to whether the server has it all. */
  save({ leaving = false } = {}) {
    clearTimeout(this.#timer);
    if (leaving) return this.#post(true);
    this.#running ??= this.#untilSaved().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #untilSaved() {
    while (this.dirty && !this.blocked && !ended) {
      say(texts.saving);
      if (!(await this.#post(false))) return false;
    }
    return !this.dirty;
  }

  async #post(keepalive) {
    const { area } = this;
    const text = area.value;
    if (text === this.saved || this.blocked || ended) return text === this.saved;
    const body = new URLSearchParams({ [area.name]: text, [`revision.${area.name}`]: this.revision });
    const headers = { "X-CSRFToken": area.form.elements.csrf_token.value, "X-Requested-With": "autosave" };
    let response;
    let answer = {};
    try {
      response = await fetch(area.dataset.autosave, { method: "POST", body, headers, keepalive });
      answer = await response.json();
    } catch {
      return this.#later(texts.offline);
    }
    if (response.ok) return this.#done(text, answer);
    if (answer.error === "stale" && answer.text === text) return this.#done(text, { revision: answer.revision });
    if (answer.error === "stale") return this.#disagree(answer);
    if (response.status === 401) return this.#end(answer);
    if (response.status >= 500 || response.status === 429) return this.#later(texts.failed);
    this.blocked = response.status !== 422;
    say(answer.message ?? texts.failed, true);
    return false;
  }

  #done(text, { revision, saved_at: savedAt }) {
    this.saved = text;
    this.#rebase(revision);
    this.#attempt = 0;
    if (!this.dirty) drafts.forget(this.area.dataset.draft);
    say(savedAt ? texts.saved.replace("{time}", savedAt) : "");
    return true;
  }

  #rebase(revision) {
    this.revision = revision;
    this.area.dataset.revision = revision;
    const hidden = this.area.form?.elements[`revision.${this.area.name}`];
    if (hidden) hidden.value = revision;
  }

  #later(message) {
    say(message, true);
    const pause = RETRIES[Math.min(this.#attempt, RETRIES.length - 1)];
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), pause);
    return false;
  }

  #end({ course, return_url: address }) {
    ended = true;
    const words = drafts.keeps ? texts.ended : texts.endedUnkept;
    say(words.replace("{course}", course ?? ""), true);
    if (address) {
      const link = Object.assign(document.createElement("a"), { href: address, target: "_top", textContent: texts.back });
      document.querySelector("[data-save-status]")?.append(" ", link);
    }
    return false;
  }

  /** Show what stands on the server beside what was typed here, and let people choose. */
  #disagree({ text, revision }) {
    this.blocked = true;
    this.#conflict?.remove();
    const box = document.createElement("div");
    box.className = "lob-panel lob-flow";
    box.setAttribute("role", "alert");
    const line = (words, className = "") => {
      const node = document.createElement("p");
      node.textContent = words;
      node.className = className;
      box.append(node);
    };
    line(texts.conflict);
    line(text || "–", "lob-written");
    const actions = Object.assign(document.createElement("p"), { className: "lob-actions" });
    const choice = (words, act) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
      button.className = "nl-button nl-button--secondary";
      button.addEventListener("click", () => {
        box.remove();
        this.blocked = false;
        this.#rebase(revision);
        this.saved = text;
        act();
        this.area.focus();
      });
      actions.append(button);
    };
    choice(texts.keepMine, () => this.save());
    choice(texts.takeOther, () => {
      this.area.value = text;
      drafts.forget(this.area.dataset.draft, { all: true });
    });
    box.append(actions);
    this.area.closest(".lob-entry").append(box);
    this.#conflict = box;
    say(texts.conflict, true);
    return false;
  }

  /** Put back what an earlier page could not send. */
  async restore() {
    const left = await drafts.find(this.area.dataset.draft);
    if (left.length === 0 || this.dirty) return;
    const other = this.area.value;
    const unsent = new Set(left.map((draft) => draft.text).filter((text) => text !== other));
    if (unsent.size > 0) {
      this.area.value = [...unsent].join("\n\n"); // two windows may both have left something
      await this.typed();
    }
    // Only now that this page keeps it: leaving in between would lose it.
    await drafts.forget(this.area.dataset.draft, { others: true });
    if (unsent.size === 0) return;
    if (left.every((draft) => draft.revision === this.revision)) {
      say(texts.restored);
      await this.save();
    } else {
      this.#disagree({ text: other, revision: this.revision });
    }
  }
}

function adopt(root) {
  for (const area of root.querySelectorAll("textarea[data-autosave]")) {
    if (fields.has(area)) continue;
    const field = new Field(area);
    fields.set(area, field);
    field.restore();
    if (field.dirty) field.typed(); // typed before this script ran
  }
  for (const area of fields.keys()) if (!area.isConnected) fields.delete(area);
}

const unsaved = () => [...fields.values()].filter((field) => field.dirty);

/** A form waits until the fields around it are saved; then its own texts carry the right revision. */
async function submitting(event) {
  if (event.target.lobReady || unsaved().length === 0) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { target: form, submitter } = event;
  await Promise.all(unsaved().map((field) => field.save()));
  if (ended || unsaved().some((field) => !form.contains(field.area))) {
    form.dispatchEvent(new CustomEvent("lob:held", { bubbles: true, detail: { submitter } }));
    return;
  }
  form.lobReady = true;
  form.requestSubmit(submitter);
  form.lobReady = false;
}

export function start(kept) {
  drafts = kept;
  adopt(document);
  document.addEventListener("htmx:load", (event) => adopt(event.target));
  document.addEventListener("submit", submitting, { capture: true });
  window.addEventListener("online", () => unsaved().forEach((field) => field.save()));
  window.addEventListener("pagehide", () => unsaved().forEach((field) => field.save({ leaving: true })));
}
