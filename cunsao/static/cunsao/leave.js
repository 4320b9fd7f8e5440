// Signing out takes along what a page kept in this browser; what was not sent yet is asked about first.
"use strict";
{
  const stored = async () => (await indexedDB.databases?.())?.some(({ name }) => name === "cunsao") ?? true;
  const counted = () =>
    new Promise((resolve) => {
      const asked = indexedDB.open("cunsao");
      asked.onerror = () => resolve(0);
      asked.onsuccess = () => {
        const database = asked.result;
        const done = (count) => {
          database.close();
          resolve(count);
        };
        if (!database.objectStoreNames.contains("waiting")) return done(0);
        const count = database.transaction("waiting").objectStore("waiting").count();
        count.onsuccess = () => done(count.result);
        count.onerror = () => done(0);
      };
    });
  const thrownAway = () =>
    new Promise((resolve) => {
      const asked = indexedDB.deleteDatabase("cunsao");
      asked.onsuccess = asked.onerror = asked.onblocked = resolve;
    });

  for (const form of document.querySelectorAll("form[data-leave]")) {
    form.addEventListener("submit", async (leaving) => {
      leaving.preventDefault();
      try {
        if (await stored()) {
          const waiting = await counted();
          if (waiting && !window.confirm(form.dataset.leave.replace("{n}", waiting))) return;
          await thrownAway();
        }
      } catch {
        // a browser that keeps nothing has nothing to take along
      }
      form.submit();
    });
  }
}
