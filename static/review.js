// The reviewer's four keys. Everything they do can also be clicked; without this file nothing is lost.
(() => {
  "use strict";

  const isTyping = (target) => target.closest("input:not([type=radio]), textarea, select, [contenteditable]") !== null;

  const moves = new Map([
    ["j", () => document.querySelector("a[data-key=j]")?.click()],
    ["k", () => document.querySelector("a[data-key=k]")?.click()],
    ["a", () => document.getElementById("accept")?.focus()],
    ["r", () => document.getElementById("id_reason")?.focus()],
  ]);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || !moves.has(event.key)) return;
    event.preventDefault();
    moves.get(event.key)();
  });
})();
