"use strict";
document.querySelectorAll(".tools").forEach((tools) => { tools.hidden = false; });
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && button.dataset.filter) {
    document.body.classList.toggle("filter-open", button.dataset.filter === "open");
    button.parentElement.querySelectorAll("[data-filter]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
  } else if (button && button.dataset.expand) {
    const all = document.querySelectorAll(button.dataset.expand === "checks" ? ".checks details" : ".keyfacts details");
    const open = Array.from(all).some((one) => !one.open);
    all.forEach((one) => { one.open = open; });
    button.textContent = open ? "收起全部出处" : "展开全部出处";
  }
  const crop = event.target.closest("svg.crop");
  if (crop) crop.closest("figure").classList.toggle("wide");
});
function follow() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (!target) return;
  if (target.matches("tbody.row")) {
    document.body.classList.remove("filter-open");
    const details = target.querySelector("details");
    if (details) details.open = true;
  }
}
window.addEventListener("hashchange", follow);
follow();
