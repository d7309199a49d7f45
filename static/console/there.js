// Where the preview lies far below: the way to it is known again on the way back.
export function thereAndBack() {
  const there = document.getElementById("to-see");
  const back = document.getElementById("to-fields");
  let from = null;
  there.addEventListener("click", () => {
    from = scrollY;
  });
  back.addEventListener("click", (event) => {
    if (from === null) return;
    event.preventDefault();
    scrollTo({ top: from, behavior: "instant" });
    there.focus({ preventScroll: true });
  });
}
