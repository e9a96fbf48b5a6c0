// A menu closes on Escape, or when the focus or a click goes elsewhere.
const close = (menu) => { menu.open = false; };
for (const menu of document.querySelectorAll("details.menu")) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close(menu);
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu);
  });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) close(menu); });
}
// The summary of a refused form receives the focus.
document.getElementById("erreurs")?.focus();
