// Texts that do not say what is searched are hidden, not removed: what was typed in them is still sent.
export function search(form) {
  const field = form.querySelector("[data-search]");
  if (!field) return;
  const none = document.getElementById("none-found");
  field.addEventListener("input", () => {
    const wish = field.value.trim().toLowerCase();
    let found = 0;
    for (const text of form.querySelectorAll(".text")) {
      const own = text.querySelector("textarea").value.toLowerCase();
      text.hidden = wish !== "" && !text.dataset.words.includes(wish) && !own.includes(wish);
      if (!text.hidden) found += 1;
    }
    none.hidden = found > 0;
  });
}
