// The picker: searches while somebody types, and keeps the tray. Everything works without it.

const form = document.querySelector("[data-picker]");
const results = form.querySelector("[data-results]");
const order = form.querySelector("[data-order]");
const list = order.querySelector("ol");
const row = order.querySelector("template").content.firstElementChild;
const insert = form.querySelector("[data-insert]");
const said = form.querySelector("[data-said]");
const lost = form.querySelector("[data-lost]");
const accepts = !insert.disabled;

const chosen = () => [...list.children].map((one) => one.dataset.slug);
const box = (slug) => results.querySelector(`input[name=item][value="${CSS.escape(slug)}"]`);
const inTray = (slug) => list.querySelector(`:scope > [data-slug="${CSS.escape(slug)}"]`);

function add(card) {
  if ("single" in form.dataset) chosen().forEach(drop);
  const { slug, title, lang } = card.dataset;
  const made = row.cloneNode(true);
  made.dataset.slug = slug;
  made.querySelector("input[name=order]").value = slug;
  const name = made.querySelector(".name");
  name.textContent = title;
  name.lang = lang;
  for (const place of made.querySelectorAll("[data-name]")) place.textContent = title;
  list.append(made);
}

function drop(slug) {
  inTray(slug)?.remove();
  const ticked = box(slug);
  if (ticked) ticked.checked = false;
}

// Whatever is not among the cards is carried by the tray itself, so that it is sent once.
function settle() {
  for (const one of list.children) {
    const { slug } = one.dataset;
    const ticked = box(slug);
    let hidden = one.querySelector("input[name=item]");
    if (ticked) {
      ticked.checked = true;
      hidden?.remove();
    } else if (!hidden) {
      hidden = document.createElement("input");
      Object.assign(hidden, { type: "hidden", name: "item", value: slug });
      one.prepend(hidden);
    }
    one.draggable = list.children.length > 1;
  }
  const count = list.children.length;
  const words = order.querySelector("[data-count]");
  words.textContent = count === 1 ? words.dataset.one : words.dataset.more.replace("{n}", count);
  order.hidden = !count;
  if (!count) order.open = false;
  // Without a choice the button explains itself by staying out of reach.
  insert.disabled = !accepts || !count;
}

// Back from elsewhere asks for the page as it was at first; here stands what it had become.
const KEY = "picker " + location.pathname;

function remember() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && !["s", "item", "order"].includes(name)) query.append(name, value);
  }
  for (const slug of chosen()) query.append("item", slug);
  try {
    sessionStorage.setItem(KEY, query.size ? "?" + query : "");
  } catch {
    // A browser that keeps nothing for us here.
  }
}

function recall() {
  if (!location.pathname.endsWith("/items/")) return;
  if (performance.getEntriesByType("navigation")[0]?.type !== "back_forward") return;
  try {
    const query = sessionStorage.getItem(KEY);
    if (query !== null && query !== location.search && query.length < 3000) {
      location.replace(location.pathname + query);
    }
  } catch {
    // See above.
  }
}

let latest = 0;

async function search(more) {
  const mine = ++latest;
  const fields = new FormData(form);
  fields.set("part", "results");
  if (more) fields.set("more", more);
  const answer = await fetch(form.querySelector("[data-search]").formAction, {
    method: "POST",
    body: new URLSearchParams(fields),
    credentials: "same-origin",
  }).catch(() => null);
  if (mine !== latest) return; // somebody typed on
  lost.hidden = answer?.status < 500;
  if (!lost.hidden) return; // what was found and chosen stays; who types on, asks again
  if (!answer.ok) {
    form.requestSubmit(form.querySelector("[data-search]")); // a whole page says what is wrong
    return;
  }
  const found = await answer.text();
  const at = document.activeElement;
  const slug = results.contains(at) && at.closest(".item")?.dataset.slug;
  results.innerHTML = found;
  if (slug) { // somebody had gone on to a card already
    const card = results.querySelector(`.item[data-slug="${CSS.escape(slug)}"]`);
    card?.querySelector(at.name === "item" ? "input" : "[data-look]").focus();
  }
  settle();
  remember();
}

let waiting;
const soon = (time) => {
  clearTimeout(waiting);
  waiting = setTimeout(search, time);
};

form.addEventListener("input", (event) => {
  if (!("filter" in event.target.dataset)) return;
  soon(event.target.id === "q" ? 200 : 0);
});

form.addEventListener("change", (event) => {
  if (event.target.name !== "item") return;
  if (event.target.checked) add(event.target.closest(".item"));
  else drop(event.target.value);
  settle();
  remember();
});

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("search" in button.dataset || button.name === "more") {
    event.preventDefault();
    clearTimeout(waiting);
    const at = results.querySelectorAll(".item").length;
    search(button.name === "more" && button.value).then(() => {
      if (button.name === "more") results.querySelectorAll("input[name=item]")[at]?.focus();
    });
  } else if ("move" in button.dataset) {
    event.preventDefault();
    const one = button.closest("li");
    if (button.dataset.move === "up") one.previousElementSibling?.before(one);
    else one.nextElementSibling?.after(one);
    button.focus();
    moved(one);
  } else if ("drop" in button.dataset) {
    event.preventDefault();
    const one = button.closest("li");
    const next = one.nextElementSibling ?? one.previousElementSibling;
    drop(one.dataset.slug);
    settle();
    remember();
    (next?.querySelector("[data-drop]") ?? form.querySelector("#q")).focus();
  }
});

function moved(one) {
  const places = [...list.children];
  said.textContent = said.dataset.moved
    .replace("{title}", one.querySelector(".name").textContent)
    .replace("{place}", places.indexOf(one) + 1)
    .replace("{n}", places.length);
  remember();
}

// Dragging is an extra: the buttons do the same.
let dragged;
list.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("li");
  event.dataTransfer.effectAllowed = "move";
});
list.addEventListener("dragover", (event) => {
  const over = event.target.closest("li");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const middle = over.getBoundingClientRect().top + over.offsetHeight / 2;
  if (event.clientY < middle) over.before(dragged);
  else over.after(dragged);
});
list.addEventListener("dragend", () => {
  if (dragged) moved(dragged);
  dragged = undefined;
});

settle();
recall();
