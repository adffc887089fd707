// What the guide's scripts say, and its status line: polite, and only a change of words is announced.
const about = document.querySelector('meta[name="loopbaan-guide"]');
export const words = JSON.parse(about?.content || "{}");
export const keysAreOn = about?.dataset.keys === "on";

export function tell(text) {
  const line = document.getElementById("guide-status");
  if (line && line.textContent !== text) line.textContent = text;
}

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");
export const time = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
