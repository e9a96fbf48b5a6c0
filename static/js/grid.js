// The grid of figures: a table pasted from a spreadsheet is spread over the cells, from the one
// where it was pasted; the up and down arrows and Enter move from line to line. A grid with
// data-grid-grow gets the lines that a pasted table needs, up to that number. Without this file the
// grid is a plain form.

for (const grid of document.querySelectorAll("table[data-grid]")) {
  const most = Number(grid.dataset.gridGrow ?? 0);
  const numbered = (text, rank) => text.replace(/(l|ligne )\d+/, `$1${rank}`);

  const addLine = () => {
    const body = grid.tBodies[0];
    const rank = body.rows.length;
    const row = body.rows[rank - 1].cloneNode(true);
    row.querySelector("th").textContent = String(rank + 1);
    for (const error of row.querySelectorAll(".entry-error")) error.remove();
    for (const input of row.querySelectorAll("input[type=text]")) {
      input.value = "";
      input.name = input.id = numbered(input.name, rank);
      input.setAttribute("aria-label", numbered(input.getAttribute("aria-label"), rank + 1));
      input.classList.remove("is-invalid");
      for (const name of ["value", "aria-invalid", "aria-describedby"]) input.removeAttribute(name);
    }
    body.append(row);
  };

  const place = (input) => {
    const row = input.closest("tr");
    const rows = [...grid.tBodies[0].rows];
    return { rows, line: rows.indexOf(row), column: [...row.cells].indexOf(input.closest("td")) };
  };
  const at = (rows, line, column) => rows[line]?.cells[column]?.querySelector("input[type=text]");

  grid.addEventListener("paste", (event) => {
    const input = event.target.closest("input[type=text]");
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!input || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const { line, column } = place(input);
    const pasted = text.split("\n");
    while (grid.tBodies[0].rows.length < Math.min(line + pasted.length, most)) addLine();
    const rows = [...grid.tBodies[0].rows];
    pasted.forEach((cells, down) => {
      cells.split("\t").forEach((value, right) => {
        const target = at(rows, line + down, column + right);
        if (!target) return;
        target.value = value.trim();
        target.dispatchEvent(new Event("input", { bubbles: true }));
        target.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
  });

  let typing = null;
  grid.addEventListener("input", (event) => { typing = event.target; });
  grid.addEventListener("focusin", () => { typing = null; });

  grid.addEventListener("keydown", (event) => {
    const input = event.target.closest("input[type=text]");
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (!input || !step) return;
    // While one types in a cell with suggestions, the arrows choose among them.
    if (input.list && input === typing && event.key !== "Enter") return;
    const { rows, line, column } = place(input);
    const target = at(rows, line + step, column);
    if (event.key === "Enter" || target) event.preventDefault();
    target?.focus();
    target?.select();
  });
}
