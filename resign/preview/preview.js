// Asks each second whether a file has changed, and then shows the frames and the faults anew.
"use strict";

const language = document.body.dataset.language;
const state = document.getElementById("state");
const faults = document.getElementById("faults");
let revision = "";

async function look() {
  try {
    const answer = await fetch("/state.json?language=" + encodeURIComponent(language));
    const now = await answer.json();
    if (now.revision !== revision) {
      revision = now.revision;
      show(now);
    }
  } catch {
    state.textContent = "The preview has ended. Start it again: resign theme preview";
    revision = "";
  }
  setTimeout(look, 1000);
}

function show(now) {
  const count = now.faults.length;
  const said = count === 1 ? "One fault" : count + " faults";
  state.textContent = (count ? said : "Nothing is wrong in this language") + "; " + now.pages.length + " pages.";
  faults.replaceChildren(...now.faults.map(row));
  for (const frame of document.querySelectorAll("iframe")) {
    const there = now.pages.includes(frame.dataset.page);
    frame.classList.toggle("absent", !there);
    frame.src = there ? frame.dataset.src + "?" + now.revision : "about:blank";
  }
}

function row(fault) {
  const item = document.createElement("li");
  item.textContent = fault.where + ": " + fault.what + ". " + fault.remedy;
  return item;
}

function fit() {
  for (const screen of document.querySelectorAll(".screen")) {
    const width = screen.firstElementChild.offsetWidth;
    screen.style.setProperty("--scale", String(Math.min(1, screen.clientWidth / width)));
  }
}

addEventListener("resize", fit);
fit();
look();
