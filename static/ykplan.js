/* Small helps; every page works without them. */
"use strict";

// A form goes out once: the second click of a double click finds the button asleep.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post") {
    form.dataset.sent = "yes";
  }
});

// The browser's "back" brings the page as it was: let its forms be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// What was typed stays in this tab until it has been sent: a session may end, a page may be left.
const keeper = document.querySelector("form[data-keep]");
const drawer = keeper && `kept:${keeper.dataset.keep}:${location.pathname}`;

function typedFields(form) {
  return [...form.elements].filter((field) => field.name && !["hidden", "submit", "file", "checkbox"].includes(field.type));
}

function keepTyped() {
  const typed = typedFields(keeper)
    .filter((field) => field.type !== "radio" || field.checked)
    .map((field) => [field.name, field.value]);
  sessionStorage.setItem(drawer, JSON.stringify(typed));
}

function bringBack(typed) {
  for (const [name, value] of typed) {
    for (const field of typedFields(keeper).filter((each) => each.name === name)) {
      if (field.type === "radio") {
        field.checked = field.value === value;
      } else {
        field.value = value;
      }
    }
  }
  document.querySelector("[data-kept-note]")?.removeAttribute("hidden");
  keeper.dispatchEvent(new Event("input", { bubbles: true }));
}

if (document.querySelector("[data-saved]")) {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith("kept:"))
    .forEach((key) => sessionStorage.removeItem(key));
}
if (keeper) {
  const typed = JSON.parse(sessionStorage.getItem(drawer) || "null");
  keeper.addEventListener("input", keepTyped);
  if (typed && !document.querySelector(".errors")) {
    bringBack(typed);
  }
}

// A preview that meets the sign-in page says so instead of vanishing.
function saySignedOut(target) {
  const box = target.querySelector(".live");
  if (box) {
    box.textContent = target.dataset.signedOut;
  }
}

// A screen that comes anew by itself says so when it no longer does; the next answer brings it without the note.
function sayStale() {
  document.querySelector("[data-stale]")?.removeAttribute("hidden");
}

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, sayStale);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const address = event.detail.xhr.responseURL;
  if (address && new URL(address).pathname.startsWith("/sign-in/")) {
    event.detail.shouldSwap = false;
    saySignedOut(event.detail.target);
    sayStale();
  }
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 403) {
    saySignedOut(event.detail.target);
  }
});
