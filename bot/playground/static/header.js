// The bar above the messages: where one is, and as whom.

import { element, find, portrait, topicPortrait } from "./elements.js";
import { placeKey } from "./world.js";

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
  find("acting").replaceChildren(...people.map((each) => element("option", { value: each.id }, each.name)));
  find("acting").value = here.user;
}

function status({ words, connected }, chat, topic, isTyping) {
  const isPrivate = chat.type === "private";
  if (!connected) return words.offline;
  if (isTyping) return `${isPrivate ? "" : "Hỏi Báo "}${words.typing}…`;
  if (isPrivate) return words.bot;
  const room = chat.is_forum ? `${topic ? chat.title : words.general} · ` : "";
  return room + words.members(chat.members.length);
}
