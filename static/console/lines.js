// Line numbers that grow with the text; the box around both is what scrolls.
export function number(text) {
  const numbers = text.parentElement.querySelector(".numbers");
  const count = () => {
    const lines = text.value.split("\n").length;
    text.rows = Math.max(lines + 2, 14);
    while (numbers.children.length > lines) numbers.lastElementChild.remove();
    while (numbers.children.length < lines) {
      const span = document.createElement("span");
      span.textContent = String(numbers.children.length + 1);
      span.id = `line-${span.textContent}`;
      numbers.append(span);
    }
  };
  text.addEventListener("input", count);
  count();
  const line = /^#line-(\d+)$/.exec(location.hash);
  const bad = numbers.querySelector(".bad");
  if (line) to(text, Number(line[1]));
  else if (bad && text.autofocus) to(text, Number(bad.textContent));
  addEventListener("hashchange", () => {
    const next = /^#line-(\d+)$/.exec(location.hash);
    if (next) to(text, Number(next[1]));
  });
}

function to(text, line) {
  const start = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start);
  // The box around the text is what scrolls, and no caret moves that.
  document.getElementById(`line-${line}`)?.scrollIntoView({ block: "center" });
}
