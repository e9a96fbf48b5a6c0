// Warns before leaving a form in which something was typed and not saved.
for (const form of document.querySelectorAll("form[data-confirm-leave]")) {
  let changed = form.querySelector(".field-invalid") !== null;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  for (const link of form.querySelectorAll(".form-actions a")) link.addEventListener("click", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}
