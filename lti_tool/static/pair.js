// Two pages that wait for each other: looks again every few seconds, and says so when it is left.
// Forms are sent without leaving the page, because leaving it ends it for both.

const SECONDS = { agreed: 1.5, laying: 1 };
const OTHERWISE = 3;
let main = document.querySelector("main");

wait();

async function wait() {
  dress();
  for (;;) {
    await new Promise((done) => setTimeout(done, 1000 * (SECONDS[main.dataset.stage] ?? OTHERWISE)));
    const look = main.querySelector("[data-look]")?.form;
    if (look && document.visibilityState === "visible") await send(look);
  }
}

function dress() {
  const look = main.querySelector("[data-look]");
  if (look) look.hidden = true;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-here]")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

// Where the tool cannot be reached for a moment, the page stays: it looks again soon, and says so to
// who pressed a button.
async function send(form, pressed) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!form.isConnected) return;
  if (!answer || answer.status >= 500 || answer.status === 429) {
    if (pressed) form.dispatchEvent(new CustomEvent("unsent", { bubbles: true, detail: { pressed, page } }));
    return;
  }
  const fresh = page.querySelector("main");
  if (!fresh || (!pressed && fresh.dataset.stage === main.dataset.stage)) return;
  main.replaceWith(fresh);
  main = fresh;
  document.title = page.title;
  dress();
  (main.querySelector("[aria-invalid]") ?? main.querySelector("h1")).focus();
}

// Not a promise: a browser that is killed says nothing, and then ten minutes are the end of it.
addEventListener("pagehide", gone);
document.addEventListener("step", () => {
  gone();
  main = document.querySelector("main");
});

function gone() {
  const leave = main.querySelector("[data-leave]");
  if (!leave) return;
  const said = new FormData(leave);
  said.set("gone", "1");
  navigator.sendBeacon(leave.action, said);
}

// A page that the browser kept aside shows what is over.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
