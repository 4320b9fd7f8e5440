// Unfolds a township: its villages are fetched once, when it is first opened. Without this script the link beside does.
"use strict";

for (const township of document.querySelectorAll("details[data-branch]")) {
  township.addEventListener("toggle", async () => {
    if (!township.open || township.dataset.loaded) return;
    township.dataset.loaded = "yes";
    const place = township.querySelector(".branch");
    try {
      const answer = await fetch(township.dataset.branch, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
      place.innerHTML = await answer.text();
    } catch {
      delete township.dataset.loaded; // the line may be back at the next try; the link is still there
      location.assign(township.parentElement.querySelector("a.go").href);
    }
  });
}
