// Short forms do not save themselves. What is typed in them is kept by the browser until the form was
// sent and a page of the same session came back; so a click on another phase loses nothing.
// A form takes part with data-keep="<a name that is the same after a new launch>".
const SENT = "lob-sent";
const session = location.pathname.split("/").slice(0, 3).join("/");
const fieldsOf = (form) =>
  [...form.querySelectorAll("textarea, input[type=text], input:not([type])")].filter((one) => one.name && !one.dataset.autosave);
const place = (field) => `${field.form.dataset.keep}/${field.name}`;
// A text that was asked for ("Neem over van ...") is nobody's draft yet: without it the field is empty.
const taken = (field) => field.defaultValue !== "" && new URLSearchParams(location.search).has("from");

/** Notes of this tab; a browser that forbids them keeps no drafts either. */
const notes = {
  write(value) {
    try {
      sessionStorage.setItem(SENT, JSON.stringify(value));
    } catch {
      // Then the draft stays, and is put back once too often.
    }
  },
  take() {
    try {
      const value = sessionStorage.getItem(SENT);
      sessionStorage.removeItem(SENT);
      return JSON.parse(value);
    } catch {
      return undefined;
    }
  },
};

export function start(drafts) {
  const forget = (name) => drafts.forget(name, { all: true });

  /** A form that was sent is done with when a fresh page of the same session follows. */
  async function settle() {
    const sent = notes.take();
    const [entry] = performance.getEntriesByType("navigation");
    if (sent?.session === session && entry?.type === "navigate") await Promise.all(sent.names.map(forget));
  }

  async function restore(field) {
    if (taken(field)) return;
    const left = (await drafts.find(place(field))).sort((one, other) => (one.at ?? 0) - (other.at ?? 0));
    const draft = left.filter((one) => one.base === field.value).at(-1) ?? left.at(-1);
    if (!draft) return;
    if (field.value === draft.base) {
      field.value = draft.text;
      for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    } else if (field.value === draft.text && field.value === field.defaultValue) await forget(place(field));
  }

  /** Every page load is another page to the drafts: only the newest text of a field may remain. */
  async function note(field) {
    const own = taken(field); // then what was typed before stays, in case this is not what they want
    if (field.value === field.defaultValue) return drafts.forget(place(field), { all: !own });
    const base = own ? "" : field.defaultValue;
    await drafts.keep(place(field), { text: field.value, base, at: Date.now() });
    // Only now: leaving in between would lose it.
    if (!own) await drafts.forget(place(field), { others: true });
  }

  const adopt = (root) => {
    for (const form of root.querySelectorAll("form[data-keep]")) fieldsOf(form).forEach(restore);
  };

  // What was typed while this script was still on its way.
  const early = [...document.querySelectorAll("form[data-keep]")]
    .flatMap(fieldsOf)
    .filter((field) => field.value !== field.defaultValue);
  document.addEventListener("input", ({ target: field }) => {
    if (field.form?.dataset.keep && fieldsOf(field.form).includes(field)) note(field);
  });
  document.addEventListener("submit", ({ target: form }) => {
    if (form.dataset.keep && !form.hasAttribute("hx-post")) notes.write({ session, names: fieldsOf(form).map(place) });
  });
  // Before the answer is put in: afterwards the form may be gone, and a new one asks for its drafts.
  document.addEventListener("htmx:beforeOnLoad", ({ target: form, detail }) => {
    if (form.dataset?.keep && detail.xhr.status < 400) fieldsOf(form).map(place).forEach(forget);
  });
  document.addEventListener("htmx:load", ({ target }) => adopt(target));
  settle().then(() => {
    adopt(document);
    early.forEach(note);
  });
}
