// The input bar: text, reply and edit strip, commands menu, inline results.

import { get, post } from "./api.js";
import { summary } from "./bubbles.js";
import { element, find } from "./elements.js";

const INLINE_PAUSE = 300; // milliseconds without a key before an inline query is sent
const LONGEST_TEXT = 4096; // Telegram: UTF-16 units of a message

export class Composer {
  /** `hands`: send(text, {reply_to, edit}, place), sendSticker(), sendFile(file, text, {reply_to}), choose(query, result), lastOwn(). */
  constructor(hands) {
    this.hands = hands;
    this.text = find("text");
    this.panel = find("panel");
    this.drafts = new Map();
    this.aim = null; // {kind: "reply" | "edit", message, hint}
    this.refused = new Set(); // ids of the messages whose wish for a reply was turned down
    this.asked = 0;
    find("composer").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    find("strip-close").addEventListener("click", () => this.refuse());
    find("sticker").addEventListener("click", () => { hands.sendSticker(); });
    find("attach").addEventListener("click", () => find("file").click());
    find("file").addEventListener("change", (event) => this.attach(event.target));
    find("commands").addEventListener("click", () => this.toggleCommands());
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("click", (event) => {
      if (!find("composer").contains(event.target)) this.closePanel();
    });
  }

  /** Turns to another place or person (`place.hint` is what to write there): their draft, their words. */
  turnTo(place, words) {
    if (this.place) this.drafts.set(this.place.key, this.text.value);
    const early = this.place ? "" : this.text.value; // what was written before there was a place
    const moved = this.place?.key !== place.key;
    this.place = place;
    this.words = words;
    this.showHint();
    if (moved) {
      this.release();
      this.write(this.drafts.get(place.key) ?? early);
      this.closePanel();
    }
  }

  write(text) {
    this.text.value = text;
    this.changed();
  }

  reply(message) { this.take({ kind: "reply", message }); }

  /** Opens the reply to a message that asks for one, unless something else is being done or it was turned down. */
  replyAsAsked(message) {
    if (this.aim || this.refused.has(message.message_id)) return;
    this.take({ kind: "reply", message, hint: message.force_reply.placeholder });
  }

  edit(message) {
    this.take({ kind: "edit", message });
    this.write(message.text);
  }

  take(aim) {
    this.aim = aim;
    const word = aim.kind === "edit" ? this.words.edit : aim.message.from;
    find("strip-icon").setAttribute("href", `/static/images/icons.svg#${aim.kind}`);
    find("strip-title").textContent = word;
    find("strip-words").textContent = summary(aim.message, this.words);
    find("strip").hidden = false;
    this.showHint();
    this.text.focus();
  }

  release() {
    if (this.aim?.kind === "edit") this.write("");
    this.aim = null;
    find("strip").hidden = true;
    this.showHint();
  }

  /** Closes the strip, and opens it for this message no more. */
  refuse() {
    if (this.aim) this.refused.add(this.aim.message.message_id);
    this.release();
  }

  showHint() {
    this.text.placeholder = this.aim?.hint || this.place?.hint || "";
  }

  async submit() {
    const chosen = this.panel.querySelector(".chosen");
    if (!this.panel.hidden && chosen) { chosen.click(); return; }
    const text = this.text.value.trim();
    if (!text || !this.place) return; // before the page is connected, what is written stays
    const aim = this.aim;
    const more = aim?.kind === "edit"
      ? { edit: aim.message.message_id }
      : aim ? { reply_to: aim.message.message_id } : {};
    this.release();
    this.write("");
    this.closePanel();
    await this.sendAll(text, more, aim);
  }

  /** Sends the chosen file, with what is written as its caption. */
  async attach(chooser) {
    const [file] = chooser.files;
    chooser.value = ""; // the same file may be chosen again
    if (!file) return;
    const text = this.text.value.trim();
    const more = this.aim?.kind === "reply" ? { reply_to: this.aim.message.message_id } : {};
    if (!await this.hands.sendFile(file, text, more)) return;
    this.release();
    if (this.text.value.trim() === text) this.write("");
  }

  /** Sends a text, a long one in parts as Telegram's apps do; parts that fail stay to be sent. */
  async sendAll(text, more, aim) {
    const place = this.place;
    for (let rest = text; rest; ) {
      const end = rest.length <= LONGEST_TEXT ? rest.length : cut(rest);
      if (!await this.hands.send(rest.slice(0, end), more, place)) {
        this.keep(rest, place, aim);
        return;
      }
      rest = rest.slice(end).trimStart();
    }
  }

  /** Puts back what could not be sent, before what was written meanwhile. */
  keep(rest, place, aim) {
    if (this.place.key !== place.key) {
      this.drafts.set(place.key, [rest, this.drafts.get(place.key)].filter(Boolean).join("\n"));
      return;
    }
    this.write([rest, this.text.value].filter(Boolean).join("\n"));
    if (aim && !this.aim) this.take(aim);
  }

  changed() {
    const text = this.text;
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
    find("send").classList.toggle("ready", text.value.trim() !== "");
    this.suggest();
  }

  pressed(event) {
    if (event.isComposing) return; // a Vietnamese input method is still at work on the word
    const open = !this.panel.hidden;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      if (open) this.closePanel();
      else this.refuse();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "ArrowUp" && this.text.value === "") {
      const message = this.hands.lastOwn();
      if (message) { event.preventDefault(); this.edit(message); }
    }
  }

  suggest() {
    const text = this.text.value;
    const inline = /^@(\w+)\s+(.*)$/is.exec(text);
    this.asked += 1;
    if (/^\/\w*$/.test(text)) this.showCommands(text.slice(1).toLowerCase(), true);
    else if (inline && inline[1].toLowerCase() === this.place?.bot) this.searchSoon(inline[2], this.asked);
    else this.closePanel();
  }

  toggleCommands() {
    if (!this.panel.hidden) { this.closePanel(); return; }
    this.showCommands("", false);
    this.text.focus();
  }

  async showCommands(start, choose) {
    if (!this.place) return;
    const asked = this.asked;
    const commands = await get(`/commands?user=${this.place.user}&chat=${this.place.chat}`);
    if (asked !== this.asked) return;
    const fitting = commands.filter((each) => each.command.startsWith(start));
    if (!fitting.length && start) { this.closePanel(); return; }
    const options = fitting.map(({ command, description }) => option(
      `/${command}`, description,
      () => { this.write(""); this.closePanel(); this.hands.send(`/${command}`, {}, this.place); },
    ));
    this.openPanel(options.length ? options : [note(this.words.noCommands)], choose && start !== "");
  }

  searchSoon(query, asked) {
    this.openPanel([note(this.words.searching)], false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(query, asked), INLINE_PAUSE);
  }

  async search(query, asked) {
    const { user, chat } = this.place;
    const found = await post("/inline", { user, chat, query }).catch(() => ({ results: [] }));
    if (asked !== this.asked) return;
    const options = found.results.map((result) => option(result.title, result.description, () => {
      this.write("");
      this.closePanel();
      this.hands.choose(found.query_id, result.id);
    }));
    this.openPanel(options.length ? options : [note(this.words.noResults)], false);
  }

  openPanel(options, choose) {
    this.panel.replaceChildren(...options);
    this.panel.hidden = false;
    find("commands").setAttribute("aria-expanded", "true");
    if (choose) this.move(1);
  }

  closePanel() {
    this.panel.hidden = true;
    this.panel.replaceChildren();
    find("commands").setAttribute("aria-expanded", "false");
  }

  move(step) {
    const options = [...this.panel.querySelectorAll(".option")];
    if (!options.length) return;
    const now = options.findIndex((each) => each.classList.contains("chosen"));
    const next = (now + step + options.length) % options.length;
    options.forEach((each, index) => {
      each.classList.toggle("chosen", index === next);
      each.setAttribute("aria-selected", index === next);
    });
    options[next].scrollIntoView({ block: "nearest" });
  }
}

function option(title, description, choose) {
  return element(
    "button",
    { class: "option", type: "button", role: "option", "aria-selected": "false", onclick: choose },
    element("b", {}, title),
    element("span", {}, description),
  );
}

function note(text) {
  return element("p", { class: "note" }, text);
}

/** Where a text that is too long for one message is to be parted. */
function cut(text) {
  const space = text.lastIndexOf(" ", LONGEST_TEXT);
  if (space > LONGEST_TEXT / 2) return space;
  const half = /[\ud800-\udbff]/.test(text[LONGEST_TEXT - 1]);
  return half ? LONGEST_TEXT - 1 : LONGEST_TEXT;
}
