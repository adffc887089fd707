// A tool that is done registering asks to be closed; as in Moodle the list of tools comes back.
const frame = document.querySelector("iframe[data-registration]");
addEventListener("message", ({ source, data }) => {
  if (frame && source === frame.contentWindow && data?.subject === "org.imsglobal.lti.close") {
    location.assign(location.pathname);
  }
});
