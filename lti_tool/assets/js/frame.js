// In a frame of the LMS: as high as the page is (Canvas listens), and a way out when it is small.
const SMALL = { width: 1000, height: 700 }; // in CSS pixels: less is cramped for a guide

/** Tell whoever shows us; the messages say nothing but a height, so they may go to anyone. */
function tell(message) {
  window.parent.postMessage(message, "*");
}

/** Grow and shrink with the page. Not on the guide: what stays in view there needs a frame that scrolls. */
function resize() {
  if (document.querySelector(".lob-page--guide")) return;
  let told = 0;
  const measure = () => {
    document.body.classList.add("lob-measured"); // as high as its content, not as the frame
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    document.body.classList.remove("lob-measured");
    if (height === told) return;
    told = height;
    tell({ subject: "lti.frameResize", height });
  };
  new ResizeObserver(measure).observe(document.querySelector("main"));
  if (!location.hash) tell({ subject: "lti.scrollToTop" });
}

export function start() {
  if (window.parent === window) return;
  resize();
  const form = document.querySelector("[data-larger]");
  if (!form || (window.innerWidth >= SMALL.width && window.innerHeight >= SMALL.height)) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    openLarger(form);
  });
}

/** A tab of its own: opened at once, or the browser takes it for an advertisement. */
async function openLarger(form) {
  const tab = window.open("about:blank");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  const address = answer?.ok && (await answer.json().catch(() => ({}))).address;
  form.querySelector("[role=alert]").hidden = Boolean(tab && address);
  if (!tab || !address) return tab?.close();
  tab.opener = null;
  tab.location = address;
}
