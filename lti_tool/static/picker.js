// The picker: filter what is on the shelf, and keep to one choice where the LMS takes one.

const form = document.querySelector("[data-picker]");
const rows = [...form.querySelectorAll(".shelf > li")];
const boxes = [...form.querySelectorAll("input[name=item]")];
const filters = [...form.querySelectorAll("[data-filter]")];
const found = form.querySelector("[data-found]");
const insert = form.querySelector("[data-insert]");

const bar = form.querySelector(".filters");
if (bar && rows.length > 3) bar.hidden = false;

function filter() {
  const want = Object.fromEntries(filters.map((field) => [field.dataset.filter, field.value.trim()]));
  const words = want.text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits =
      words.every((word) => row.dataset.text.includes(word)) &&
      (!want.kind || row.dataset.kind === want.kind) &&
      (!want.lang || row.dataset.lang === want.lang);
    // What is ticked stays in sight: nothing is put in a course unseen.
    row.hidden = !fits && !row.querySelector("input").checked;
    shown += fits;
  }
  found.textContent = shown ? "" : found.dataset.found;
}

for (const field of filters) field.addEventListener("input", filter);

form.addEventListener("change", (event) => {
  if (event.target.name !== "item") return;
  if ("single" in form.dataset && event.target.checked) {
    for (const box of boxes) if (box !== event.target) box.checked = false;
  }
  choosable();
});

// Without a choice the button explains itself by staying out of reach.
function choosable() {
  if (insert) insert.disabled = !boxes.some((box) => box.checked);
}

choosable();
// A search box is not for sending: Enter there would put things in the course.
form.querySelector("#q")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
