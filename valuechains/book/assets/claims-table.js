// Filters, search and sorting for the table of claims, which is whole without them.
(() => {
  "use strict";
  const table = document.querySelector("table.claims-table");
  const form = document.querySelector("form.claims-filter");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const selects = [...form.querySelectorAll("select")];
  const status = form.querySelector("[role=status]");
  const text = (row, column) => row.querySelector(`.${column}`).textContent.trim();

  function filter() {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const said = row.textContent.toLowerCase();
      row.hidden = !(words.every((word) => said.includes(word)) &&
        selects.every(({ name, value }) => !value || text(row, name) === value));
    }
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = shown ? gvcSay("{shown} of {all} claims shown", { shown, all: rows.length })
      : gvcSay("0 of {all} claims shown: no claim has all of this, so widen a filter or show all", { all: rows.length });
  }

  // A column with a filter sorts in the order of its choices, which is the ledger's; any other by its text.
  function sort(head, column) {
    const descending = head.ariaSort === "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.ariaSort = descending ? "descending" : "ascending";
    const choices = [...(form.elements[column]?.options ?? [])].map((option) => option.text);
    const rank = (row) => choices.length ? choices.indexOf(text(row, column)) : text(row, column);
    const order = (a, b) => (rank(a) > rank(b)) - (rank(a) < rank(b));
    body.append(...[...rows].sort(descending ? (a, b) => order(b, a) : order));
  }

  for (const head of table.tHead.rows[0].cells) {
    const column = head.classList.item(head.classList.length - 1);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent.trim();
    button.addEventListener("click", () => sort(head, column));
    head.replaceChildren(button);
  }
  table.tHead.rows[0].cells[0].ariaSort = "ascending";

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter)); // after the fields are empty
  form.hidden = false;
  filter(); // a browser may restore what was chosen before
})();
