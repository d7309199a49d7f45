// While an import is under way, how far it is is shown anew every two seconds; nothing is done that a reload would not do.
const shown = () => document.getElementById("progress");

async function look() {
  if (document.visibilityState === "visible") {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
      const now = page.getElementById("progress");
      // Another page: the session has ended, and asking again would not bring it back.
      if (!now) return;
      if (now.dataset.state !== shown().dataset.state) {
        location.reload();
        return;
      }
      shown().replaceWith(document.importNode(now, true));
    } catch {
      // It is asked again.
    }
  }
  setTimeout(look, 2000);
}

if ("underWay" in shown().dataset) setTimeout(look, 2000);
