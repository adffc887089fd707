// The platform that opened us for a registration closes us when we ask (LTI Dynamic Registration 1.0, 3.8).

/** Shows the button and lets it ask. Without script the page says that the window may be closed. */
export function start() {
  for (const button of document.querySelectorAll("[data-lti-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const platform = window.opener ?? (window.parent === window ? null : window.parent);
      // To whoever shows us: the message says nothing but that we are done.
      platform?.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
      if (!platform || window.opener) window.close();
    });
  }
}
