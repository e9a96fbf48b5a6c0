// Warns before leaving a form in which something was typed and not saved.
for (const form of document.querySelectorAll("form[data-confirm-leave]")) {
  let changed = form.querySelector(".field-invalid") !== null;
  form.addEventListener("input", () => { changed = true; });
  // A cell saved as it is typed is nothing to lose, unless it was refused.
  form.addEventListener("htmx:afterSwap", () => { changed = form.querySelector(".invalid-feedback") !== null; });
  form.addEventListener("submit", () => { changed = false; });
  for (const link of form.querySelectorAll(".form-actions a")) link.addEventListener("click", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
