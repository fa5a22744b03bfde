// Keep the parts marked data-live up to date while the page is visible, without a reload:
// a tick appears under one's eyes when the tool has reported it.
const PAUSE = 2000;
const LIMIT = 1800; // an hour of looking is enough

async function refresh() {
  const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const renewed = fresh.getElementById(part.id);
    if (!renewed) continue;
    if (part.dataset.live === "prepend") {
      const known = [...renewed.children].filter((child) => !document.getElementById(child.id));
      part.prepend(...known);
    } else if (part.innerHTML !== renewed.innerHTML && !part.contains(document.activeElement)) {
      part.innerHTML = renewed.innerHTML;
    }
  }
}

let rounds = 0;
const timer = setInterval(() => {
  rounds += 1;
  if (rounds > LIMIT) clearInterval(timer);
  else if (!document.hidden) refresh().catch(() => {});
}, PAUSE);
