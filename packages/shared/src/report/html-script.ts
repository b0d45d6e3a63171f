/**
 * The page's script: searches, filters, sorts, and folds files away. It changes what is there and
 * makes no markup from text. The page's policy allows it by its digest.
 */
export const SCRIPT: string = `"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const tools = document.querySelector(".tools");
  if (tools === null) return;
  const search = tools.querySelector("input");
  const count = tools.querySelector(".count");
  const filters = all("button[data-outcome]", tools);
  const lists = all("table[data-list]").map((table) => ({
    table,
    rows: all("tbody[data-row]", table).map((body) => ({
      body,
      text: body.textContent.toLowerCase(),
    })),
  }));

  const show = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    const pressed = filters
      .filter((button) => button.getAttribute("aria-pressed") === "true")
      .map((button) => button.dataset.outcome);
    const counts = lists.map(({ table, rows }) => {
      let shown = 0;
      for (const { body, text } of rows) {
        const visible =
          words.every((word) => text.includes(word)) &&
          (pressed.length === 0 || pressed.includes(body.dataset.outcome));
        body.hidden = !visible;
        if (visible) shown += 1;
      }
      return shown + " of " + rows.length + " " + table.dataset.list;
    });
    count.textContent = counts.join(", ");
  };

  const sort = (table, header) => {
    const headers = all("th", table);
    const column = headers.indexOf(header);
    const ascending = header.getAttribute("aria-sort") !== "ascending";
    for (const other of headers) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const numbers = header.dataset.kind === "number";
    const keyed = all("tbody[data-row]", table).map((body) => {
      const key = body.rows[0].cells[column].dataset.sort;
      return { body, key: numbers ? Number(key) : key };
    });
    keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)) * (ascending ? 1 : -1));
    table.append(...keyed.map(({ body }) => body));
  };

  for (const { table } of lists) {
    for (const header of all("th", table)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener("click", () => sort(table, header));
    }
  }
  for (const toggle of all("button.toggle")) {
    const files = document.getElementById(toggle.getAttribute("aria-controls"));
    const set = (open) => {
      toggle.setAttribute("aria-expanded", String(open));
      files.hidden = !open;
    };
    toggle.nextElementSibling.hidden = true;
    toggle.hidden = false;
    toggle.addEventListener("click", () => set(files.hidden));
    set(false);
  }
  for (const button of filters) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      show();
    });
  }
  search.addEventListener("input", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      show();
    }
  });
  tools.hidden = false;
  show();
})();
`;
