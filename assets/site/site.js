// Improves pages that work without it: times in the reader's own zone, time left that counts down.
"use strict";

document.documentElement.classList.add("scripted");

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    time.title = time.textContent;
    time.textContent = at.toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  }
}

function span(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return "no time";
  const [size, name] = units[first];
  let text = `${Math.floor(seconds / size)} ${name}`;
  const next = units[first + 1];
  if (next && Math.floor((seconds % size) / next[0]) > 0) text += ` ${Math.floor((seconds % size) / next[0])} ${next[1]}`;
  return text;
}

const clocks = [...document.querySelectorAll("[data-left]")];
if (clocks.length > 0) {
  const start = performance.now();
  const show = () => {
    const passed = (performance.now() - start) / 1000;
    for (const clock of clocks) {
      const left = Math.max(0, Math.floor(Number(clock.dataset.left) - passed));
      clock.textContent = span(left);
      clock.classList.toggle("soon", left < 60);
    }
  };
  show();
  setInterval(show, 1000);
}

// A box that is saved when it is ticked, without leaving the page: what is filled in below stays.
for (const form of document.querySelectorAll("form[data-quietly]")) {
  form.addEventListener("change", () => {
    fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).catch(() => {});
  });
}
