// The author's desk: read everything again when a file was saved, and show on the map where the
// item on the right is. Without this, reloading the page by hand does the same.

const frame = document.querySelector("iframe");
let stamp = document.getElementById("head").dataset.stamp; // of what this page was made from

async function watch() {
  try {
    const answer = await fetch("/stamp");
    if (answer.ok && (await answer.text()) !== stamp) await refresh();
  } catch {
    // The preview was stopped, or is starting again: go on looking.
  }
  setTimeout(watch, 1000);
}

async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  stamp = page.getElementById("head")?.dataset.stamp;
  const shown = Boolean(frame) === Boolean(page.querySelector("iframe"));
  if (!shown) return location.reload();
  document.title = page.title;
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  frame?.contentWindow.location.reload();
}

function follow() {
  const state = new URL(frame.contentWindow.location).searchParams.get("state");
  let node = null;
  try {
    node = JSON.parse(state)?.node;
  } catch {
    // A micro-module's state is no place on a map.
  }
  for (const box of document.querySelectorAll(".graph [data-node]")) {
    if (box.dataset.node === node) box.setAttribute("aria-current", "true");
    else box.removeAttribute("aria-current");
  }
}

frame?.addEventListener("load", follow);
watch();
