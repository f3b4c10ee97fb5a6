// The floating menu of a message or of the bot's role.

import { element, find } from "./elements.js";
import { walk } from "./walk.js";

export class Menu {
  constructor() {
    this.box = find("menu");
    this.opener = null; // has the focus again when the menu is closed by a key
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("pointerdown", (event) => { if (!this.box.contains(event.target)) this.box.hidden = true; });
  }

  /** Opens at a point of the window; `items`: {picture, word, act, checked, danger}; `checked` makes it a choice. */
  open(name, items, { x, y }) {
    this.opener = document.activeElement;
    this.box.setAttribute("aria-label", name);
    this.box.replaceChildren(...items.map((item) => this.item(item)));
    this.box.hidden = false;
    const { width, height } = this.box.getBoundingClientRect();
    this.box.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
    this.box.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
    this.items()[0].focus();
  }

  items() { return [...this.box.querySelectorAll("button")]; }

  item({ picture, word, act, checked, danger }) {
    const isChoice = checked !== undefined;
    return element(
      "button",
      {
        type: "button", tabindex: "-1", class: danger ? "danger" : null,
        role: isChoice ? "menuitemradio" : "menuitem",
        "aria-checked": isChoice ? String(checked) : null,
        onclick: () => { this.close(); act(); },
      },
      picture, word,
    );
  }

  pressed(event) {
    if (event.key === "Escape" || event.key === "Tab") this.close();
    else walk(event, this.items());
  }

  close() {
    this.box.hidden = true;
    this.opener?.focus({ preventScroll: true });
  }
}
