// Shows which file was chosen, and that a pressed button is at work. Without this script everything works in silence.
"use strict";

for (const input of document.querySelectorAll("input[type=file]")) {
  const place = input.closest(".upload");
  const look = () => {
    const [file] = input.files;
    place.classList.toggle("chosen", Boolean(file));
    input.setCustomValidity(file && file.size > Number(input.dataset.most) ? input.dataset.tooLarge : "");
    input.reportValidity();
  };
  input.addEventListener("change", look);
  // Anywhere on the page: a file dropped beside the field would be opened instead of the page.
  addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) place.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    look();
  });
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
