// Before there is a session: keep the proof that this is the browser the login began in, and find it
// again at the launch. First the platform's storage (LTI postMessage storage), then the frame's own.
const PATIENCE = 1500; // milliseconds; mobile apps name a storage but never answer

/** Ask the platform's storage frame something; resolves to its answer, or undefined. */
function ask({ storageTarget, storageOrigin }, message) {
  return new Promise((resolve) => {
    if (!storageTarget || window.parent === window) return resolve(undefined);
    const id = crypto.randomUUID?.() ?? String(Math.random());
    const timer = setTimeout(() => done(undefined), PATIENCE);
    const hear = ({ origin, data }) => {
      const isAnswer = data?.message_id === id && data?.subject === `${message.subject}.response`;
      if (origin === storageOrigin && isAnswer) done(data.error ? undefined : data);
    };
    function done(answer) {
      clearTimeout(timer);
      removeEventListener("message", hear);
      resolve(answer);
    }
    addEventListener("message", hear);
    storageFrame(storageTarget).postMessage({ ...message, message_id: id }, storageOrigin);
  });
}

/** The sibling frame the platform named, or the platform's page itself. */
function storageFrame(target) {
  if (target === "_parent") return window.parent;
  try {
    return window.parent.frames[target] ?? window.parent;
  } catch {
    return window.parent;
  }
}

/** The frame's own storage; strict settings throw on access. */
function frameStorage(act) {
  try {
    return act(window.sessionStorage);
  } catch {
    return null;
  }
}

async function keep(place) {
  const { name, proof } = place.dataset;
  frameStorage((storage) => storage.setItem(name, proof));
  await ask(place.dataset, { subject: "lti.put_data", key: name, value: proof });
  location.replace(place.querySelector("a").href);
}

async function prove(form) {
  const { name } = form.dataset;
  const wait = document.querySelector("[data-lti-wait]");
  wait.hidden = false;
  const answer = await ask(form.dataset, { subject: "lti.get_data", key: name });
  const own = frameStorage((storage) => storage.getItem(name));
  frameStorage((storage) => storage.removeItem(name));
  const [storage, proof] = answer?.value ? ["platform", answer.value] : ["frame", own];
  if (proof) {
    form.elements.storage.value = storage;
    form.elements.proof.value = proof;
    form.submit();
    return;
  }
  wait.hidden = true;
  document.querySelector("[data-lti-new-tab]").hidden = false;
}

const placeToKeep = document.querySelector("[data-lti-keep]");
const formToProve = document.querySelector("form[data-lti-prove]");
if (placeToKeep) keep(placeToKeep);
if (formToProve) prove(formToProve);
