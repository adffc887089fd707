// Plays the platform's part of LTI platform storage: values of the tool, in memory.
const toolOrigin = document.currentScript.dataset.toolOrigin;
const values = new Map();

addEventListener("message", ({ origin, source, data }) => {
  const { subject, message_id, key, value } = data ?? {};
  if (origin !== toolOrigin || !["lti.put_data", "lti.get_data"].includes(subject)) return;
  if (subject === "lti.put_data") values.set(key, value);
  source.postMessage({ subject: `${subject}.response`, message_id, key, value: values.get(key) }, origin);
});
