// Comforts for a group in front of one screen: full screen, keys, notes in a window of one's own.
// `steps.js` shows each next step in the same document, so that full screen and window stay.

let notes = null;
let wanted = true;

dress();
document.addEventListener("step", () => {
  dress();
  write();
});

function dress() {
  const full = document.querySelector("[data-fullscreen]");
  if (full && document.fullscreenEnabled) {
    full.hidden = false;
    full.onclick = () =>
      document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  }
  const keys = document.querySelector("[data-keys]");
  if (keys) {
    keys.parentElement.hidden = false;
    keys.checked = wanted;
    keys.onchange = () => (wanted = keys.checked);
  }
}

// Keys can be switched off (WCAG 2.1.4), and never take one from a film or a field.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (!document.querySelector("[data-keys]")?.checked || event.target.closest("video, audio, input, select")) return;
  const act = ACTS[event.key] ?? letter(event.key);
  if (act?.()) event.preventDefault();
});

const ACTS = { ArrowRight: onward, PageDown: onward, ArrowLeft: back, PageUp: back };

// A clicker for slides sends PageDown: first to the end of a long page, then what is folded, then on.
function onward() {
  const page = document.scrollingElement;
  if (page.scrollTop + page.clientHeight < page.scrollHeight - 4) return scrolled(page, 1);
  const folded = document.querySelector("[data-reveal]:not([open])");
  if (folded) folded.open = true;
  else document.querySelector("[data-next]")?.click();
  return true;
}

function back() {
  const page = document.scrollingElement;
  if (page.scrollTop > 4) return scrolled(page, -1);
  history.back();
  return true;
}

function scrolled(page, way) {
  page.scrollBy(0, way * page.clientHeight * 0.8);
  return true;
}

function letter(key) {
  const found = /^[a-e]$/i.test(key) && document.querySelector(`[data-letter=${key.toUpperCase()}]`);
  return found ? () => (found.click(), true) : null;
}

// The window follows what is shown here; it asks for nothing. Where none opens, the link does.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-notes]")) return;
  if (!notes || notes.closed) notes = open("", "proeftuin-notes-live", "popup,width=620,height=760");
  if (!notes) return;
  event.preventDefault();
  write();
  notes.focus();
});

function write() {
  const text = document.getElementById("notes");
  if (!notes || notes.closed || !text) return;
  const there = notes.document;
  there.documentElement.lang = document.documentElement.lang;
  there.title = document.title;
  if (!there.querySelector("link")) {
    for (const sheet of document.querySelectorAll("link[rel=stylesheet]:not([media])")) {
      const copy = there.createElement("link");
      copy.rel = "stylesheet";
      copy.href = sheet.href;
      if (!sheet.href.includes("plenary")) there.head.append(copy);
    }
  }
  const main = there.createElement("main");
  main.className = "column";
  main.append(there.importNode(text.content, true));
  there.body.replaceChildren(main);
}

addEventListener("pagehide", () => notes?.close());
