// Steps inside one document: a form is sent, what comes back replaces what is shown, and each step
// gets its own place in the browser's history. So the next step is there after one round trip, and
// nothing is loaded anew. Where that fails the form is sent as any other form.
// In a session without cookies there is no other way: each page carries the session itself, so that
// a page of ours can only be asked for by a form, and the browser's Back would find nothing.

const ROOM = location.origin + "/l/";
const LOST = document.querySelector("script[data-lost]").dataset.lost;
const here = () => location.pathname + location.search;

let shown = here();
let asked = 0;
const main = document.querySelector("main");
if (main.dataset.address) {
  history.replaceState(history.state, "", main.dataset.address + location.hash);
  shown = main.dataset.address;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const pressed = event.submitter;
  const plain = "plain" in form.dataset || form.target || form.method !== "post";
  const action = pressed?.hasAttribute("formaction") ? pressed.formAction : form.action;
  const file = pressed?.matches("[data-file], [data-download]");
  if (event.defaultPrevented || plain || file || !action.startsWith(ROOM)) return;
  event.preventDefault();
  const mine = ++asked;
  try {
    const { page, address, part, status } = await ask(action, new FormData(form, pressed));
    if (mine !== asked) return;
    if (status >= 400 && stays(form, status)) return say(form, pressed, refusal(page));
    await dressed(page);
    const otherwise = "step" in form.dataset ? action : shown;
    if (mine === asked) show(page, new URL(address ?? otherwise, location.href), part, true);
  } catch (problem) {
    if (mine !== asked) return;
    // Only who presses again although the browser is online, sends the form the plain way.
    const again = navigator.onLine && "lost" in form.dataset;
    if (problem instanceof TypeError && !again) {
      form.dataset.lost = "";
      return say(form, pressed, LOST);
    }
    delete form.dataset.sent;
    form.dataset.plain = "";
    form.requestSubmit(pressed);
  }
});

// Where trying again may help, and where something was written, a page stays although it was
// refused what it asked for; it says so below its form.
function stays(form, status) {
  const written = [...form.querySelectorAll("textarea")].some((field) => field.value.trim());
  return status >= 500 || status === 429 || written;
}

// The same words where another script sends a form that stays on its page.
document.addEventListener("unsent", ({ target, detail }) => {
  say(target, detail.pressed, (detail.page && refusal(detail.page)) || LOST);
});

function refusal(page) {
  return [...page.querySelectorAll("main[data-error] > p")].map((one) => one.textContent.trim()).join(" ");
}

function say(form, pressed, words) {
  delete form.dataset.sent;
  pressed?.removeAttribute("aria-disabled");
  form.querySelector(".alert.said")?.remove();
  const said = document.createElement("p");
  said.className = "alert said";
  said.role = "alert";
  said.textContent = words;
  form.append(said);
}

addEventListener("popstate", async () => {
  if (here() === shown) return;
  const mine = ++asked;
  const proof = document.querySelector("input[name=s]")?.value;
  try {
    const { page } = await ask(location.href, proof && { s: proof });
    await dressed(page);
    if (mine === asked) show(page, new URL(location.href), "", false);
  } catch {
    if (mine === asked) location.reload();
  }
});

// A page, its address and the part of it where reading goes on, as far as the answer says so.
async function ask(url, fields) {
  const how = fields && { method: "POST", body: new URLSearchParams(fields) };
  const send = () => fetch(url, { ...how, headers: { Prefer: "return=representation" } });
  // A connection may break under a single request; a form that was sent twice changes nothing.
  const answer = await send().catch((broken) => (navigator.onLine ? send() : Promise.reject(broken)));
  const said = (name) => answer.headers.get(name);
  // A server in front of ours that does not reach it is no connection either.
  if (answer.status > 501 && !said("X-Proeftuin-Error")) throw new TypeError("not reached");
  if (!said("Content-Type")?.startsWith("text/html")) throw new Error("no page");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) throw new Error("no page");
  const from = said("Content-Location") ?? (answer.redirected ? answer.url : undefined);
  const address = fresh.dataset.address ?? from;
  return { page, address, part: said("X-Proeftuin-Part") ?? "", status: answer.status };
}

// Take over the styles that a page has and this document has not.
function dressed(page) {
  const here = (style) => document.querySelector(`link[rel=stylesheet][href="${style.getAttribute("href")}"]`);
  const missing = [...page.querySelectorAll("head link[rel=stylesheet]")].filter((style) => !here(style));
  const there = missing.map((style) => new Promise((done) => (style.onload = style.onerror = done)));
  document.head.append(...missing);
  return Promise.all(there);
}

function show(page, address, part, onward) {
  document.title = page.title;
  for (const name of ["header", "main", "footer"]) {
    const old = document.querySelector(`body > ${name}`);
    const fresh = page.querySelector(`body > ${name}`);
    if (old && fresh) old.replaceWith(fresh);
    else if (old) old.remove();
    else if (fresh) document.body.append(fresh);
  }
  const to = address.pathname + address.search;
  const hash = part && "#" + part;
  if (onward && to !== shown) history.pushState(null, "", to + hash);
  else if (onward) history.replaceState(history.state, "", to + hash);
  shown = to;
  const reached = part && document.getElementById(decodeURIComponent(part));
  if (reached) reached.scrollIntoView();
  else scrollTo(0, 0);
  document.dispatchEvent(new Event("step"));
  // Scripts that arrive this way do not start by themselves; those that ran heard the event.
  for (const script of document.querySelectorAll("main script[src]")) import(script.src);
}
