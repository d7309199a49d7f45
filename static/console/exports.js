// While an export is being written, its row is shown anew every two seconds; nothing is done that a reload would not do.
const list = document.getElementById("exports");
const said = document.getElementById("said");

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      // Another page: the session has ended, and asking again would not bring it back.
      if (!page.getElementById(list.id)) return;
      for (const row of unfinished()) show(row, page.querySelector(`li[data-number="${row.dataset.number}"]`));
    } catch {
      // It is asked again.
    }
  }
  if (unfinished().length) setTimeout(look, 2000);
}

function unfinished() {
  return [...list.querySelectorAll('[data-state="waiting"], [data-state="running"]')];
}

function show(row, now) {
  // Whoever is about to press a button in it keeps it under their finger.
  if (!now || row.contains(document.activeElement)) return;
  if (now.dataset.state === "ready") said.textContent = said.dataset.ready;
  row.replaceWith(document.importNode(now, true));
}

if (unfinished().length) setTimeout(look, 2000);
