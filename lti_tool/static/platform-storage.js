// Keeps the binding of a login in the LMS's own storage, for a browser that refuses our cookies.
// LTI Client Side postMessages and Platform Storage, drafts 0.1: put at the login, get at the
// launch. Answers count only from the asked window, its expected origin, and under our own id.

const LIMIT = 2000; // milliseconds for the LMS to answer
const PREFIXES = ["lti.", "org.imsglobal.lti."]; // some platforms know only the older subject

const place = document.querySelector("[data-storage]");
const { storage: mode, frame, origin, key } = place.dataset;

function keeper() {
  const lms = window.parent !== window ? window.parent : window.opener;
  if (!lms || frame === "_parent") return lms;
  try {
    return lms.frames[frame] || lms;
  } catch {
    return lms; // of another site's window, a frame that is missing is a SecurityError
  }
}

function ask(fields) {
  const target = keeper();
  if (!target) return Promise.reject(new Error("no LMS around us"));
  const ids = new Map(PREFIXES.map((prefix) => [crypto.randomUUID(), `${prefix}${mode}_data`]));
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer")), LIMIT);
    window.addEventListener("message", ({ data, origin: from, source }) => {
      if (from !== origin || source !== target || !data || typeof data !== "object") return;
      if (data.subject !== `${ids.get(data.message_id)}.response` || data.error) return;
      resolve(data.value);
    });
    for (const [id, subject] of ids) {
      target.postMessage({ subject, message_id: id, key, ...fields }, origin);
    }
  });
}

function giveUp() {
  place.remove();
  const rest = document.querySelector("[data-without-storage]");
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
