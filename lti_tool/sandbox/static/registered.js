// The tool says that it is done registering (LTI Dynamic Registration 1.0 §3.6).
const tool = document.querySelector("iframe[data-tool]");
window.addEventListener("message", (event) => {
  const subject = event.data && event.data.subject;
  if (event.source === tool.contentWindow && ["org.imsglobal.lti.close", "lti.close"].includes(subject)) {
    window.location.assign(document.querySelector("a[data-leave]").href);
  }
});
