// State of the page: people, chats, and the messages of each chat or topic.

const MOST_PEOPLE = 100;

/** A place is where messages go: a chat, or one of its topics. */
export const placeKey = ({ chat, topic }) => (topic ? `${chat}/${topic}` : `${chat}`);

export class World {
  constructor() {
    this.bot = { id: 0, name: "Hỏi Báo", username: "" };
    this.descriptions = {}; // of the bot, by language; "" is that of all others
    this.people = new Map();
    this.chats = new Map();
    this.messages = new Map(); // by place, then by id
    this.unread = new Map(); // by place
  }

  /** Starts anew from what the server knows. */
  begin({ bot, descriptions, people, chats, messages }) {
    this.bot = bot;
    this.descriptions = descriptions;
    this.people = new Map(people.map((each) => [each.id, each]));
    this.chats = new Map(chats.map((each) => [each.id, each]));
    this.messages = new Map();
    for (const message of messages) this.put(message);
  }

  /** Takes in a message, new or changed; says whether it is new. */
  put(message) {
    const key = placeKey(message);
    if (!this.messages.has(key)) this.messages.set(key, new Map());
    const known = this.messages.get(key);
    const isNew = !known.has(message.message_id);
    known.set(message.message_id, message);
    return isNew;
  }

  drop(message) {
    this.messages.get(placeKey(message))?.delete(message.message_id);
  }

  message(place, id) {
    return this.messages.get(placeKey(place))?.get(id);
  }

  /** The first of the people, as more would make the page slow, and one in any case. */
  crowd(people, one) {
    return people.filter((each, index) => index < MOST_PEOPLE || each.id === one);
  }

  /** The messages of a place, oldest first. */
  in(place) {
    const found = this.messages.get(placeKey(place))?.values() ?? [];
    return [...found].sort((one, other) => one.message_id - other.message_id);
  }

  /** The chat and the topic of a place; the topic is undefined outside of topics. */
  lookUp({ chat, topic }) {
    const found = this.chats.get(chat);
    return { chat: found, topic: topic ? found?.topics.find((each) => each.id === topic) : undefined };
  }

  /** The questions that the bot's description gives as examples, in a language. */
  examples(language) {
    const text = this.descriptions[language] || this.descriptions[""] || "";
    return text.split("\n").filter((line) => line.startsWith("• ")).map((line) => line.slice(2));
  }

  /** The chats of a person that an inline query may be sent to, by title. */
  chatsFor(person, { allow_group_chats: groups, allow_channel_chats: channels }) {
    const allowed = { group: groups, supergroup: groups, channel: channels };
    const isOpen = (chat) => allowed[chat.type] && chat.members.includes(person) && !chat.migrated_to
      && (chat.type !== "channel" || chat.administrators.includes(person));
    return [...this.chats.values()].filter(isOpen).sort((one, other) => one.title.localeCompare(other.title));
  }

  countUnread(place) {
    const key = placeKey(place);
    this.unread.set(key, (this.unread.get(key) ?? 0) + 1);
  }
}
