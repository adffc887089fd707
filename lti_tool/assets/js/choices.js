// In a form with data-choices="<address>" a radio button or checkbox is saved the moment it changes.
// The form's own button saves it too.
import { say, texts } from "./autosave.js";

async function save(box, address) {
  const body = new URLSearchParams({ [box.name]: box.checked ? box.value : "" });
  const headers = { "X-CSRFToken": box.form.elements.csrf_token.value, "X-Requested-With": "autosave" };
  say(texts.saving);
  try {
    const response = await fetch(address, { method: "POST", body, headers, keepalive: true });
    const answer = await response.json();
    if (response.ok) say(texts.saved.replace("{time}", answer.saved_at));
    else say(texts.choiceFailed, true);
  } catch {
    say(texts.choiceFailed, true);
  }
}

export function start() {
  document.addEventListener("change", ({ target: box }) => {
    const address = box.form?.dataset.choices;
    if (address && ["radio", "checkbox"].includes(box.type)) save(box, address);
  });
}
