// Shows the copy buttons and makes them work: nothing is there for those without JavaScript.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const done = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(source.value ?? source.innerText);
      done.textContent = "Copié.";
    } catch {
      done.textContent = "La copie a été refusée par le navigateur.";
    }
  });
}
