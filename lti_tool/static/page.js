// Small comforts for every page. Everything works without them.
// `steps.js` shows the next page in the same document, and says so with the event "step".

const WIDE = matchMedia("(min-width: 62rem)");

dress();
arrive(document.referrer.startsWith(location.origin + "/l/"));

document.addEventListener("step", () => {
  dress();
  arrive(true);
});

// The page has an address of its own, so that Back shows the step before. After a step, reading
// goes on at the new heading, or at what was just saved. On arrival from elsewhere the focus is
// left alone: this page may be one frame among many.
function arrive(inside) {
  const main = document.querySelector("main");
  const address = main?.dataset.address;
  if (address) history.replaceState(history.state, "", address + location.hash);
  const saved = document.getElementById(location.hash.slice(1))?.querySelector(".note");
  if (inside) (saved ?? document.querySelector("h1"))?.focus();
  // The browser itself goes to the part once the page is there, so that we come after it.
  if (inside && saved) addEventListener("load", () => setTimeout(() => saved.focus({ preventScroll: true })));
  watch(main);
}

function dress() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.onclick = () => print();
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    button.hidden = false;
    button.onclick = () => copy(button);
  }
  // Side by side where there is room for it.
  if (WIDE.matches) for (const other of document.querySelectorAll("[data-beside]")) other.open = true;
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 2000);
}

// One click is one step: a second submit of the same form does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  // A file leaves the page as it is: the next button of the same form works at once.
  if (event.submitter?.dataset.file !== undefined && !form.dataset.sent) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
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

// On paper nothing is folded.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});

// A completion that was just noted is on its way: look a few times whether it has arrived.
function watch(main) {
  if (main?.dataset.completion !== "recorded" || !document.getElementById("completion")) return;
  for (const seconds of [3, 8, 20]) setTimeout(() => look(main), seconds * 1000);
}

async function look(main) {
  if (!main.isConnected || main.dataset.completion !== "recorded") return;
  const proof = document.querySelector("input[name=s]")?.value;
  const how = proof ? { method: "POST", body: new URLSearchParams({ s: proof }) } : {};
  const answer = await fetch(location.href, { credentials: "same-origin", ...how }).catch(() => null);
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
