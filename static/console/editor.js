// The editor with a script: shows what is typed as it is typed, and warns before it is lost.
import { contrasts, pickColours } from "./colours.js";
import { number } from "./lines.js";
import { search } from "./search.js";
import { thereAndBack } from "./there.js";

const WAIT = 300;
const MOST_BYTES = 2_000_000;
const form = document.getElementById("editor");
const frame = document.getElementById("frame");
const screen = document.getElementById("screen");
const unsaved = document.getElementById("unsaved");
const said = document.getElementById("said");
let waiting = 0;
let asked = 0;
let changed = form.dataset.unsaved === "yes";
let heard = false;
let leaving = false;
let over = false;

for (const text of form.querySelectorAll("[data-numbered]")) number(text);
pickColours(form, typed);
contrasts(form);
search(form);
thereAndBack();
form.classList.add("live");
fit();
note();

form.addEventListener("input", (event) => {
  if (event.target.hasAttribute("data-search")) return;
  heard = true;
  contrasts(form);
  typed(event.target.closest(".pickers") === null);
});
form.addEventListener("submit", () => {
  leaving = true;
});
// Whoever comes back finds what they typed, because the browser puts it there: it is still not saved. And whoever typed
// before this script was there was not heard.
addEventListener("pageshow", () => {
  leaving = false;
  frames();
  for (const field of form.querySelectorAll(".fields :is(textarea, [type=text])")) {
    if (field.value !== field.defaultValue && !heard) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});
addEventListener("resize", fit);
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[value=save]"));
  }
});
for (const picker of ["width", "scheme"]) document.getElementById(picker).addEventListener("change", frames);
for (const file of form.querySelectorAll("[type=file]")) {
  file.addEventListener("change", () => {
    const large = file.files[0] && file.files[0].size > MOST_BYTES;
    file.setCustomValidity(large ? form.dataset.large : "");
    file.reportValidity();
  });
}

function typed(counts = true) {
  if (counts) changed = true;
  note();
  clearTimeout(waiting);
  waiting = setTimeout(show, WAIT);
}

function note(text = "") {
  unsaved.textContent = (over && form.dataset.over) || text || (changed ? form.dataset.changed : "");
}

async function show() {
  if (over || !form.checkValidity()) return;
  const mine = ++asked;
  const sent = new FormData(form);
  sent.set("do", "preview");
  screen.classList.add("busy");
  const answer = await ask(sent);
  // A later one is on its way, and shows more of what was typed.
  if (mine !== asked) return;
  screen.classList.remove("busy");
  over ||= answer.over === true;
  if (!answer.src) {
    note(answer.busy ? form.dataset.busy : form.dataset.none);
    if (answer.busy) waiting = setTimeout(show, 1500);
    return;
  }
  note();
  frame.src = answer.src;
  list(answer.faults);
}

// Only what may be otherwise in a moment is asked again.
async function ask(sent) {
  try {
    const answer = await fetch(location.href, { method: "POST", body: sent });
    if (answer.ok) return await answer.json();
    return { over: answer.status === 401, busy: answer.status >= 500 };
  } catch {
    return { busy: true };
  }
}

function list(faults) {
  said.replaceChildren(
    ...faults.map((fault) => {
      const item = document.createElement("li");
      if (fault.english) item.lang = "en";
      if (fault.line) item.append(`${form.dataset.line} ${fault.line}: `);
      item.append(...fault.pieces.map(written));
      return item;
    }),
  );
  const lines = new Set(faults.map((fault) => fault.line));
  for (const span of form.querySelectorAll(".numbers span[id]")) {
    span.classList.toggle("bad", lines.has(Number(span.textContent)));
  }
}

function written(piece) {
  if (piece.kind === "text") return piece.text;
  const element = document.createElement(piece.kind === "code" ? "code" : "a");
  element.textContent = piece.text;
  if (piece.to) element.href = piece.to;
  return element;
}

function frames() {
  const [width, scheme] = ["width", "scheme"].map((picker) => document.getElementById(picker).value);
  screen.className = `screen w${width} ${scheme}`;
  fit();
}

// A screen that is wider than the room there is is made as small as that.
function fit() {
  const scale = Math.min(1, screen.clientWidth / Number(document.getElementById("width").value));
  screen.style.setProperty("--scale", String(scale));
}
