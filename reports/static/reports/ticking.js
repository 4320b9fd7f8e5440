// One tick for all records of the page.
"use strict";

const all = document.getElementById("tick-all");
const boxes = [...document.querySelectorAll("input[name=seen]:enabled")];
if (all && boxes.length) {
  all.closest("label").hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  for (const box of boxes) box.addEventListener("change", () => (all.checked = boxes.every((each) => each.checked)));
}
