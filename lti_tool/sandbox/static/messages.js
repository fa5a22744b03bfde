// The messages that Canvas answers: how high the tool wants to be, and what is supported.
const frame = document.querySelector("iframe[data-tool]");

function reply(event, fields) {
  const { subject, message_id } = event.data;
  const answer = { subject: subject + ".response", message_id, ...fields };
  event.source.postMessage(answer, event.origin);
}

const answers = {
  "lti.frameResize": (event) => {
    const height = Number(event.data.height);
    if (Number.isFinite(height)) {
      frame.style.height = Math.min(Math.max(height, 100), 20000) + "px";
    }
    reply(event, {});
  },
  "lti.scrollToTop": (event) => {
    window.scrollTo(0, 0);
    reply(event, {});
  },
  "lti.capabilities": (event) => {
    const subjects = Object.keys(answers).map((subject) => ({ subject }));
    const named = document.querySelector("iframe[name=post_message_forwarding]");
    const storage = named ? { frame: "post_message_forwarding" } : {};
    for (const subject of ["lti.put_data", "lti.get_data"]) subjects.push({ subject, ...storage });
    reply(event, { supported_messages: subjects });
  },
};

window.addEventListener("message", (event) => {
  const subject = event.data && event.data.subject;
  if (event.source === frame.contentWindow && Object.hasOwn(answers, subject)) {
    answers[subject](event);
  }
});
