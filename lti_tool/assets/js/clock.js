// How long they talk, in whole minutes: changed now and then, never announced, never alarming.
import { fill, words } from "./guide-words.js";

const LONGEST = 180; // minutes; after that it only says when it began
const EVERY = 15000;

export function start() {
  const began = new Map();
  const show = () => {
    for (const node of document.querySelectorAll("[data-seconds]")) {
      if (!began.has(node)) began.set(node, Date.now() - 1000 * Number(node.dataset.seconds));
      const number = Math.floor((Date.now() - began.get(node)) / 60000);
      if (number >= 0 && number < LONGEST) node.textContent = fill(words.minutes, { number });
    }
  };
  show();
  setInterval(show, EVERY);
}
