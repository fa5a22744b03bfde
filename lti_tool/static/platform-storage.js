// Keeps the binding of a login in the LMS's own storage, for a browser that refuses our cookies.
// LTI Client Side postMessages and Platform Storage, drafts 0.1: put at the login, get at the
// launch. Answers count only from the asked window, its expected origin, and under our own id.

const LIMIT = 2000; // milliseconds for the LMS to answer
const AGAIN = 200; // milliseconds between questions: the LMS's frame may still be loading
const PREFIXES = ["lti.", "org.imsglobal.lti."]; // some platforms know only the older subject

const place = document.querySelector("[data-storage]");
const { storage: mode, frame, origin, key } = place.dataset;

function keeper() {
  const lms = window.parent !== window ? window.parent : window.opener;
  if (!lms || frame === "_parent") return lms;
  try {
    return lms.frames[frame] ?? lms;
  } catch {
    return lms; // another site's window throws for a frame that it does not have (yet)
  }
}

function ask(fields) {
  const subjects = new Map(
    PREFIXES.map((prefix) => [crypto.randomUUID(), `${prefix}${mode}_data`]),
  );
  return new Promise((resolve, reject) => {
    const send = () => {
      for (const [message_id, subject] of subjects) {
        keeper()?.postMessage({ subject, message_id, key, ...fields }, origin);
      }
    };
    const sending = setInterval(send, AGAIN);
    setTimeout(() => {
      clearInterval(sending);
      reject(new Error("no answer"));
    }, LIMIT);
    window.addEventListener("message", ({ data, origin: from, source }) => {
      if (from !== origin || source !== keeper() || !data || typeof data !== "object") return;
      if (data.subject !== `${subjects.get(data.message_id)}.response` || data.error) return;
      clearInterval(sending);
      resolve(data.value);
    });
    send();
  });
}

function giveUp() {
  place.remove();
  const rest = document.querySelector("[data-without-storage]");
  const main = rest.closest("main");
  main.dataset.page = "error";
  main.dataset.error = "browser-cookieless";
  rest.hidden = false;
  rest.querySelector("h1").focus();
}

try {
  if (mode === "put") {
    await ask({ value: place.dataset.value });
    window.location.replace(place.dataset.onward);
  } else {
    const value = await ask({});
    if (typeof value !== "string" || !value) throw new Error("nothing kept");
    place.elements.value.value = value;
    place.submit();
  }
} catch {
  giveUp();
}
