// Small comforts for every page. Everything works without them.

const heading = document.querySelector("h1");
const main = document.querySelector("main");

// The page has an address of its own, so that Back shows the step before.
if (main?.dataset.address) history.replaceState(history.state, "", main.dataset.address + location.hash);

// After a step inside the tool, reading goes on at the new heading, or at what was just saved.
// On arrival from elsewhere the focus is left alone: this page may be one frame among many.
const inside = document.referrer.startsWith(location.origin + "/l/");
const part = document.getElementById(location.hash.slice(1));
if (inside) (part?.querySelector(".note") ?? heading)?.focus();

// After saving a text it goes on at the words under that text, which say that it is saved. The
// browser itself goes to the text once the page is there, so that we come after it.
const saved = location.hash && document.getElementById(location.hash.slice(1))?.querySelector(".note");
if (inside && saved) {
  saved.tabIndex = -1;
  addEventListener("load", () => setTimeout(() => saved.focus({ preventScroll: true })));
}

// One click is one step: a second submit of the same form does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  // A form that answers with a file leaves the page as it is.
  setTimeout(() => release(form), 4000);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach(release);
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 2000);
  });
}

// A completion that was just noted is on its way: look a few times whether it has arrived.
if (main.dataset.completion === "recorded" && document.getElementById("completion")) {
  for (const seconds of [3, 8, 20]) setTimeout(look, seconds * 1000);
}

async function look() {
  if (main.dataset.completion !== "recorded") return;
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("completion");
  const state = page.querySelector("main")?.dataset.completion;
  if (!fresh || !state || state === "recorded") return;
  document.getElementById("completion").replaceChildren(...fresh.childNodes);
  main.dataset.completion = state;
}

// Canvas and others let a frame grow with its page (the message `lti.frameResize`).
if (window.parent !== window) {
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height) + 16;
    if (Math.abs(height - told) < 8) return;
    told = height;
    window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
  }).observe(document.body);
}
