// What the roster's month adds to the sheet (cunsao/sheet.js): sums as they are typed, and the version to submit.
"use strict";
{
  const sheet = document.getElementById("sheet");
  const inCents = (text) => Math.round(Number(String(text).trim().replace(/[,，\s]/g, "") || 0) * 100) || 0;
  const figure = (cents) => (cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  const addUp = () => {
    const all = { performance: 0, total: 0 };
    for (const group of sheet.querySelectorAll("tbody[data-group]")) {
      const here = { performance: 0, total: 0 };
      for (const line of group.querySelectorAll("tr[data-entry]")) {
        const typed = sheet.elements[`p-${line.dataset.entry}`];
        const performance = inCents(typed ? typed.value : line.dataset.performance);
        const together = inCents(line.dataset.county) + performance;
        here.performance += performance;
        here.total += together;
        if (typed) line.querySelector("[data-sum=row]").textContent = (together / 100).toFixed(2);
      }
      for (const [name, cents] of Object.entries(here)) {
        group.querySelector(`[data-sum=${name}]`).textContent = figure(cents);
        all[name] += cents;
      }
    }
    for (const [name, cents] of Object.entries(all)) document.querySelector(`.sums [data-sum=${name}]`).textContent = figure(cents);
  };

  // The month moved on by this save alone: what is submitted is still what she sees.
  const follow = (version) => {
    for (const field of document.querySelectorAll(".month-deeds input[name=version]")) {
      if (Number(field.value) + 1 === version) field.value = version;
    }
    for (const field of document.querySelectorAll(".month-deeds input[name=unchanged]")) {
      const button = field.form.querySelector("button");
      button.textContent = button.dataset.otherwise;
      field.remove();
    }
  };

  sheet.addEventListener("typed", addUp);
  sheet.addEventListener("came", (answer) => follow(answer.detail.version));
  addUp();
}
