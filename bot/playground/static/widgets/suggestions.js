// The suggestions above the input bar: a list box that the text field points into.

import { element, find } from "./elements.js";
import { announce } from "./news.js";

export class Suggestions {
  /** `field` keeps the focus while the arrow keys go through the options. */
  constructor(field) {
    this.field = field;
    this.panel = find("panel");
    this.button = find("commands");
  }

  get isOpen() { return !this.panel.hidden; }

  get chosen() { return this.panel.querySelector(".chosen"); }

  /** Shows options, {title, description, choose}; `news` tells how many there are. */
  open(options, news) {
    this.show(options.map(({ title, description, choose }, index) => element(
      "div",
      { class: "option", role: "option", id: `option-${index}`, "aria-selected": "false", onclick: choose },
      element("b", {}, title),
      element("span", {}, description),
    )), news);
  }

  /** Shows in place of options why there are none. */
  note(text) {
    this.show([element("div", { class: "note", role: "option", "aria-disabled": "true" }, text)], text);
  }

  show(rows, news) {
    this.panel.replaceChildren(...rows);
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.field.setAttribute("aria-controls", this.panel.id);
    this.field.removeAttribute("aria-activedescendant");
    announce(news);
  }

  close() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    this.button.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-controls");
    this.field.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const options = [...this.panel.querySelectorAll(".option")];
    if (!options.length) return;
    const now = options.indexOf(this.chosen);
    const next = now < 0 && step < 0 ? options.length - 1 : (now + step + options.length) % options.length;
    options.forEach((each, index) => {
      each.classList.toggle("chosen", index === next);
      each.setAttribute("aria-selected", String(index === next));
    });
    this.field.setAttribute("aria-activedescendant", options[next].id);
    options[next].scrollIntoView({ block: "nearest" });
  }
}
