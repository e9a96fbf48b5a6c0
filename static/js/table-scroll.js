// Only a table wider than its frame needs to be reached by keyboard.
const observer = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const region = target.closest(".table-region");
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  }
});
for (const region of document.querySelectorAll(".table-region")) {
  observer.observe(region);
  if (region.firstElementChild) observer.observe(region.firstElementChild);
}
