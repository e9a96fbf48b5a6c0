// The grid of figures: a table pasted from a spreadsheet is spread over the cells, from the one
// where it was pasted; the up and down arrows and Enter move from line to line. Without this file
// the grid is a plain form.

for (const grid of document.querySelectorAll("table[data-grid]")) {
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
    const { rows, line, column } = place(input);
    text.split("\n").forEach((cells, down) => {
      cells.split("\t").forEach((value, right) => {
        const target = at(rows, line + down, column + right);
        if (!target) return;
        target.value = value.trim();
        target.dispatchEvent(new Event("input", { bubbles: true }));
        target.dispatchEvent(new Event("change", { bubbles: true }));
      });
    });
  });

  grid.addEventListener("keydown", (event) => {
    const input = event.target.closest("input[type=text]");
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key];
    if (!input || !step) return;
    const { rows, line, column } = place(input);
    const target = at(rows, line + step, column);
    if (event.key === "Enter" || target) event.preventDefault();
    target?.focus();
    target?.select();
  });
}
