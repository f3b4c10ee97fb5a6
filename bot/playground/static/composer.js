// The input bar: text, reply and edit strip, commands menu, inline results.

import { get, post } from "./api.js";
import { summary } from "./bubbles.js";
import { find } from "./widgets/elements.js";
import { Suggestions } from "./widgets/suggestions.js";

const INLINE_PAUSE = 300; // milliseconds without a key before an inline query is sent
const LONGEST_TEXT = 4096; // Telegram: UTF-16 units of a message

export class Composer {
  /** `hands`: send(text, {reply_to, edit}, place), sendSticker(), sendFile(file, text, {reply_to}), choose(query, result), lastOwn(). */
  constructor(hands) {
    this.hands = hands;
    this.text = find("text");
    this.suggestions = new Suggestions(this.text);
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
    find("panel").addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the text
    document.addEventListener("click", (event) => {
      if (!find("composer").contains(event.target)) this.suggestions.close();
    });
    find("composer").addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !find("composer").contains(relatedTarget)) this.suggestions.close();
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
      this.suggestions.close();
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
    this.text.setAttribute("aria-describedby", "strip-text");
    this.showHint();
    this.text.focus();
  }

  release() {
    if (this.aim?.kind === "edit") this.write("");
    this.aim = null;
    find("strip").hidden = true;
    this.text.removeAttribute("aria-describedby");
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
    if (this.suggestions.chosen) { this.suggestions.chosen.click(); return; }
    const text = this.text.value.trim();
    if (!text || !this.place) return; // before the page is connected, what is written stays
    const aim = this.aim;
    const more = aim?.kind === "edit"
      ? { edit: aim.message.message_id }
      : aim ? { reply_to: aim.message.message_id } : {};
    this.release();
    this.write("");
    this.suggestions.close();
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
    const open = this.suggestions.isOpen;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      if (open) this.suggestions.close();
      else this.refuse();
    } else if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.suggestions.move(event.key === "ArrowDown" ? 1 : -1);
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
    else this.suggestions.close();
  }

  toggleCommands() {
    if (this.suggestions.isOpen) { this.suggestions.close(); return; }
    this.showCommands("", false);
    this.text.focus();
  }

  async showCommands(start, choose) {
    if (!this.place) return;
    const asked = this.asked;
    const commands = await get(`/commands?user=${this.place.user}&chat=${this.place.chat}`);
    if (asked !== this.asked) return;
    const fitting = commands.filter((each) => each.command.startsWith(start));
    if (!fitting.length && start) { this.suggestions.close(); return; }
    if (!fitting.length) { this.suggestions.note(this.words.noCommands); return; }
    this.offer(fitting.map(({ command, description }) => ({
      title: `/${command}`,
      description,
      choose: () => { this.write(""); this.suggestions.close(); this.hands.send(`/${command}`, {}, this.place); },
    })));
    if (choose && start) this.suggestions.move(1);
  }

  searchSoon(query, asked) {
    this.suggestions.note(this.words.searching);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(query, asked), INLINE_PAUSE);
  }

  async search(query, asked) {
    const { user, chat } = this.place;
    const found = await post("/inline", { user, chat, query }).catch(() => ({ results: [] }));
    if (asked !== this.asked) return;
    if (!found.results.length) { this.suggestions.note(this.words.noResults); return; }
    this.offer(found.results.map((result) => ({
      title: result.title,
      description: result.description,
      choose: () => {
        this.write("");
        this.suggestions.close();
        this.hands.choose(found.query_id, result.id);
      },
    })));
  }

  offer(options) { this.suggestions.open(options, this.words.suggestionCount(options.length)); }
}

/** Where a text that is too long for one message is to be parted. */
function cut(text) {
  const space = text.lastIndexOf(" ", LONGEST_TEXT);
  if (space > LONGEST_TEXT / 2) return space;
  const half = /[\ud800-\udbff]/.test(text[LONGEST_TEXT - 1]);
  return half ? LONGEST_TEXT - 1 : LONGEST_TEXT;
}
