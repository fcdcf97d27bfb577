"use strict";
// Columns sort by a press on their heading; without this script all else is the same.
const keyOf = (row, place) => {
  const cell = row.cells[place];
  return cell.dataset.key ?? (cell.classList.contains("number") ? "" : cell.textContent.trim());
};
const compare = (a, b, isNumber) => {
  if (a === b) return 0;
  if (a === "" || a === "–") return 2;
  if (b === "" || b === "–") return -2;
  return isNumber ? Number(a) - Number(b) : a.localeCompare(b);
};
const sortBy = (table, heading) => {
  const place = heading.cellIndex;
  const isDown = heading.getAttribute("aria-sort") === "ascending";
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [keyOf(row, place), row]);
  const isNumber = rows.every(([key]) => key === "" || key === "–" || Number.isFinite(Number(key)));
  const unknown = (key) => key === "" || key === "–";
  rows.sort(([a], [b]) => {
    if (unknown(a) || unknown(b)) return unknown(a) - unknown(b);
    return compare(a, b, isNumber) * (isDown ? -1 : 1);
  });
  body.append(...rows.map(([, row]) => row));
  for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isDown ? "descending" : "ascending");
};
for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length < 2) continue;
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => sortBy(table, heading));
  }
}
