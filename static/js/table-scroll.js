// Only a table wider than its frame needs to be reached by keyboard.
const regions = document.querySelectorAll(".table-region");
const update = () => {
  for (const region of regions) {
    if (region.scrollWidth > region.clientWidth) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  }
};
update();
window.addEventListener("resize", update);
