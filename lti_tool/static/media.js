// Film: chapters to click on, and a pause where it is the learner's turn. Both are there without
// this too: as a list of times, and as a choice below the film.

dress();
document.addEventListener("step", dress);

function dress() {
  for (const mark of document.querySelectorAll("[data-seek]:not(:has(button))")) chapter(mark);
  for (const film of document.querySelectorAll("video[data-pause-at]:not([data-heard])")) pauses(film);
}

function chapter(mark) {
  const film = mark.closest("figure").querySelector("video");
  const button = document.createElement("button");
  button.type = "button";
  button.append(...mark.childNodes);
  button.addEventListener("click", () => {
    film.currentTime = Number(mark.dataset.seek);
    film.play().catch(() => {});
  });
  mark.replaceChildren(button);
}

function pauses(film) {
  const at = Number(film.dataset.pauseAt);
  let seen = 0;
  film.dataset.heard = "";

  // Only what plays past the place pauses there: who looks further on, or back, is left alone.
  film.addEventListener("seeked", () => (seen = film.currentTime));
  film.addEventListener("timeupdate", () => {
    if (film.seeking) return;
    const passed = seen < at && film.currentTime >= at;
    seen = film.currentTime;
    if (passed && !film.paused) yourTurn(film);
  });
  film.addEventListener("ended", () => {
    if (at >= film.duration) yourTurn(film);
  });
}

async function yourTurn(film) {
  film.pause();
  if (document.fullscreenElement) await document.exitFullscreen();
  else film.webkitExitFullscreen?.();
  document.querySelector(".choices input")?.focus();
}
