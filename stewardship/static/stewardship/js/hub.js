/* Enhancement only: every page works without it. Keyboard shortcuts click visible buttons; nothing else happens here. */
"use strict";

let sent = false;

const shortcutsOn = () => document.documentElement.dataset.shortcuts !== "off";

const typing = (target) =>
  target instanceof Element &&
  (target.isContentEditable || target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog") !== null);

/* One key, one visible control: whatever carries it in aria-keyshortcuts. */
const controlFor = (key) =>
  [...document.querySelectorAll("[aria-keyshortcuts]")].find(
    (element) => element.getAttribute("aria-keyshortcuts").toLowerCase() === key && !element.disabled && element.checkVisibility(),
  );

const press = (element) => {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
};

/* j and k walk the rows of a list; where a page has its own next and previous buttons, those win. */
const walk = (step) => {
  const links = [...document.querySelectorAll("[data-walk] tbody th a")];
  if (!links.length) return false;
  const next = links[Math.min(Math.max(links.indexOf(document.activeElement) + step, 0), links.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (sent || !shortcutsOn() || typing(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const control = controlFor(key);
  if (control) {
    event.preventDefault();
    press(control);
  } else if ((key === "j" && walk(1)) || (key === "k" && walk(-1))) {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest("[data-dismiss]")) event.target.closest("[data-dismissable]")?.remove();
  if (event.target instanceof HTMLDialogElement) event.target.close();
});

/* A page that nobody looks at does not hold its task; looked at again, it says at once whether something has changed. */
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "presence" && document.hidden) event.preventDefault();
});
const revive = () => {
  const presence = document.getElementById("presence");
  if (presence && !document.hidden) htmx.trigger(presence, "revive");
};
document.addEventListener("visibilitychange", revive);
/* The next task is fetched ahead, without holding it; shown at last, it is held and checked. */
window.addEventListener("load", () => {
  if (performance.getEntriesByType("navigation")[0]?.transferSize === 0) revive();
});

/* A page sends one form, however many buttons and keys are pressed until the answer is there: an impatient z would take
   back the decision before the one on its way. */
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (sent) event.preventDefault();
  sent = true;
});

window.addEventListener("pageshow", () => {
  sent = false;
});
