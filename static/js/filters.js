// Keeps empty filters out of the address. Nothing is submitted on a mere change of choice:
// that would move the page under someone who uses the keyboard (WCAG 3.2.2).
const fields = (form) => [...form.elements].filter((field) => field.name);
const forms = document.querySelectorAll("form[data-filters]");
for (const form of forms) {
  form.addEventListener("submit", () => {
    for (const field of fields(form)) field.disabled = field.value === "";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of forms) for (const field of fields(form)) field.disabled = false;
});
