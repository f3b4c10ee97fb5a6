// The header: the open chat or topic, and the acting person.

import { element, find, icon, portrait, topicPortrait } from "./widgets/elements.js";
import { placeKey } from "./world.js";

const AWAY = ["left", "kicked"];

export function showHeader(scene) {
  const { world, here } = scene;
  const { chat, topic } = world.lookUp(here);
  if (!chat) return;
  const isPrivate = chat.type === "private";
  find("title").textContent = topic?.name ?? (isPrivate ? world.bot.name : chat.title);
  find("portrait").replaceChildren(topic ? topicPortrait(topic) : portrait(world, isPrivate ? world.bot : chat));
  const isTyping = scene.typing.has(placeKey(here));
  find("status").classList.toggle("busy", isTyping);
  find("status").textContent = status(scene, chat, topic, isTyping);
  const people = isPrivate ? [...world.people.values()] : chat.members.map((id) => world.people.get(id)).filter(Boolean);
  find("acting").replaceChildren(...world.crowd(people, here.user).map((each) => element("option", { value: each.id }, each.name)));
  find("acting").value = here.user;
  showBotPlace(scene, chat);
}

/** Administrators of a group or channel see what the bot is there, and can change it. */
function showBotPlace({ words, here }, chat) {
  const button = find("bot-place");
  button.hidden = !chat.administrators.includes(here.user);
  button.dataset.status = AWAY.includes(chat.bot_status) ? "left" : chat.bot_status;
  const status = words.botStatus[button.dataset.status];
  button.title = words.botIs(status);
  button.setAttribute("aria-label", words.botIs(status));
}

/** The items of the menu that sets the bot's place; `choose(status)` is called with the choice. */
export function botPlaceItems({ world, words, here }, choose) {
  const chat = world.chats.get(here.chat);
  const now = find("bot-place").dataset.status;
  const possible = chat.type === "channel" ? ["administrator", "left"] : ["administrator", "member", "left"];
  return possible.map((status) => ({
    picture: icon(status === now ? "check" : "none"),
    word: words.botStatus[status],
    checked: status === now,
    act: () => choose(status),
  }));
}

function status({ words, connected }, chat, topic, isTyping) {
  const isPrivate = chat.type === "private";
  if (!connected) return words.offline;
  if (isTyping) return `${isPrivate ? "" : "Hỏi Báo "}${words.typing}…`;
  if (isPrivate) return words.bot;
  const isChannel = chat.type === "channel";
  const people = (isChannel ? words.subscribers : words.members)(chat.members.length);
  const all = AWAY.includes(chat.bot_status) ? people : words.withBot(people);
  const room = chat.is_forum && (topic ? chat.title : words.general);
  return [room, all, chat.username && `@${chat.username}`].filter(Boolean).join(" · ");
}
