// Looks every second whether the check is through, and then shows what came of it.
const job = document.getElementById("job");
const seconds = document.getElementById("seconds");

async function look() {
  try {
    const answer = await (await fetch(job.dataset.status)).json();
    if (answer.state !== "running") {
      location.replace(location.href);
      return;
    }
    seconds.textContent = `${answer.seconds} s`;
  } catch {
    // It is asked again.
  }
  setTimeout(look, 1000);
}
look();
