// Colours: the picker and the text beside it say the same, and each pair's contrast is computed as it is typed.
const COLOUR = /^#[0-9a-f]{6}$/i;

export function pickColours(form, changed) {
  for (const picker of form.querySelectorAll("[type=color]")) {
    const text = document.getElementById(picker.dataset.for);
    picker.hidden = false;
    picker.addEventListener("input", () => {
      text.value = picker.value;
      contrasts(form);
      changed();
    });
    text.addEventListener("input", () => {
      const value = text.value.trim() || text.placeholder;
      if (COLOUR.test(value)) picker.value = value;
    });
  }
}

export function contrasts(form) {
  for (const scheme of form.querySelectorAll("[data-scheme]")) {
    const colour = (name) => {
      const field = scheme.querySelector(`[data-colour="${name}"]`);
      const value = field.value.trim();
      return COLOUR.test(value) ? value : field.placeholder;
    };
    for (const row of scheme.querySelectorAll("[data-ink]")) {
      const ratio = contrast(colour(row.dataset.ink), colour(row.dataset.paper));
      row.querySelector("output").textContent = ratio.toFixed(2);
      row.className = ratio >= Number(row.dataset.least) ? "holds" : "fails";
    }
  }
}

// WCAG 2.2, relative luminance.
function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
