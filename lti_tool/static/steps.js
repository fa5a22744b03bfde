// Steps in a session without cookies. There each page carries the session itself, so that a
// page of ours can only be asked for by a form, and the browser's Back would find nothing. So
// steps are taken inside one document: a form is sent, what comes back replaces what is shown,
// and each step gets its own place in the browser's history. Where that fails the form is sent
// as any other form.

const ROOM = location.origin + "/l/";
const here = () => location.pathname + location.search;

let shown = here();
const main = document.querySelector("main");
if (main.dataset.address) {
  history.replaceState(history.state, "", main.dataset.address);
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
  try {
    const fields = new FormData(form, pressed);
    const page = await ask(action, fields);
    const address = page.querySelector("main").dataset.address ?? ("step" in form.dataset ? action : shown);
    show(page, new URL(address, location.href), true);
  } catch {
    form.dataset.plain = "";
    delete form.dataset.sent;
    form.requestSubmit(pressed);
  }
});

addEventListener("popstate", async () => {
  if (here() === shown) return;
  const fields = new FormData();
  fields.set("s", document.querySelector("input[name=s]").value);
  try {
    show(await ask(location.href, fields), new URL(location.href), false);
  } catch {
    location.reload();
  }
});

async function ask(url, fields) {
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("no page");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("main")) throw new Error("no page");
  return page;
}

function show(page, address, onward) {
  document.title = page.title;
  for (const part of ["header", "main", "footer"]) {
    const old = document.querySelector(`body > ${part}`);
    const fresh = page.querySelector(`body > ${part}`);
    if (old && fresh) old.replaceWith(fresh);
    else if (old) old.remove();
    else if (fresh) document.body.append(fresh);
  }
  const to = address.pathname + address.search;
  if (onward && to !== shown) history.pushState(null, "", to);
  shown = to;
  scrollTo(0, 0);
  document.dispatchEvent(new Event("step"));
  // Scripts that arrive this way do not start by themselves; those that ran heard the event.
  for (const script of document.querySelectorAll("main script[src]")) import(script.src);
}
