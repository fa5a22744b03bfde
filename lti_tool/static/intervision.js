// A guided intervision: a clock that counts quietly and stops nobody, and notes that stay in this
// tab. Everything works without this too: then the minutes stand there, and notes are for paper.

const NOTE = "proeftuin-note ";
const CLOCK = "proeftuin-clock ";
const LONGER = 2 * 60_000;
let ticking = 0;

dress();
document.addEventListener("step", dress);

function dress() {
  clearInterval(ticking);
  const main = document.querySelector("main");
  if (main.dataset.page === "ending") forget(() => true);
  if (main.dataset.page !== "intervision") return;
  // Where this sitting is: the address without the step. It holds the session's name, so that
  // whoever opens the activity anew in this tab finds nothing of the one before.
  const room = main.dataset.address.replace(/\/\d+(\?.*)?$/, "");
  forget((key) => !key.endsWith(` ${room}`));
  const pace = main.querySelector("[data-pace]");
  if (pace) count(pace, room);
  notes(main, room);
}

// --- The clock -----------------------------------------------------------------------------------

function count(pace, room) {
  const whole = Number(pace.dataset.pace) * 60_000;
  const key = `${CLOCK}${pace.dataset.round} ${room}`;
  let end = Number(held(key)) || Date.now() + whole;
  hold(key, end);
  const bar = pace.querySelector("progress");
  const longer = pace.querySelector("[data-longer]");
  const tell = () => {
    const left = end - Date.now();
    const minutes = Math.ceil(left / 60_000);
    say(pace, minutes > 1 ? "many" : left > 0 ? "one" : "over", minutes);
    bar.value = Math.min(1, Math.max(0, 1 - left / whole));
  };
  pace.querySelector("[data-planned]").hidden = true;
  bar.hidden = longer.hidden = false;
  longer.onclick = () => {
    end = Math.max(end, Date.now()) + LONGER;
    hold(key, end);
    tell();
  };
  tell();
  ticking = setInterval(tell, 5000);
}

function say(pace, which, minutes) {
  for (const one of pace.querySelectorAll("[data-left]")) {
    one.hidden = one.dataset.left !== which;
    if (one.dataset.left === "many") {
      one.dataset.words ??= one.textContent;
      one.textContent = one.dataset.words.replace("{minutes}", minutes);
    }
  }
}

// --- Notes ---------------------------------------------------------------------------------------

function notes(main, room) {
  const key = (round) => `${NOTE}${round} ${room}`;
  const field = main.querySelector("[data-note]");
  if (field) {
    const mine = key(field.dataset.note);
    field.value = held(mine) ?? field.value;
    if (hold(mine, field.value)) {
      main.querySelector("[data-stays=page]").hidden = true;
      main.querySelector("[data-stays=tab]").hidden = false;
    }
    field.addEventListener("input", () => hold(mine, field.value));
  }
  const written = main.querySelector("[data-written]");
  for (const one of written?.querySelectorAll("[data-note-of]") ?? []) {
    const text = held(key(one.dataset.noteOf))?.trim();
    if (!text) continue;
    one.querySelector(".note-text").textContent = text;
    one.hidden = written.hidden = false;
  }
}

// A browser may refuse a frame its storage; then a note stays on its page, as it says there.
function held(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function hold(key, value) {
  try {
    sessionStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

function forget(which) {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if ((key.startsWith(NOTE) || key.startsWith(CLOCK)) && which(key)) sessionStorage.removeItem(key);
    }
  } catch {
    // nothing was held
  }
}
