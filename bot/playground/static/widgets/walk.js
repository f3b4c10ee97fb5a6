// Go through the items of a list with the arrow keys, Home and End.

/** Moves the focus away from the item that holds it; other keys do what they always do. */
export function walk(event, items) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const now = items.findIndex((each) => each.contains(event.target));
  const last = items.length - 1;
  const next = { ArrowUp: Math.max(now - 1, 0), ArrowDown: Math.min(now + 1, last), Home: 0, End: last }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}
