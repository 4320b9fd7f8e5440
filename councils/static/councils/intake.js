// Shows which file was chosen, and that a pressed button is at work. Without this script everything works in silence.
"use strict";

for (const input of document.querySelectorAll("input[type=file]")) {
  const place = input.closest(".upload");
  const over = (is) => () => place.classList.toggle("over", is);
  input.addEventListener("dragenter", over(true));
  input.addEventListener("dragleave", over(false));
  input.addEventListener("drop", over(false));
  input.addEventListener("change", () => place.classList.toggle("chosen", input.files.length > 0));
}

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault(); // a second press while the first is on its way
      return;
    }
    form.dataset.sent = "yes";
    const told = form.querySelector(".busy");
    told.textContent = form.dataset.busy;
    told.hidden = false;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
}

// Back by the browser's arrow: the page is as it was left, and its buttons work again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
