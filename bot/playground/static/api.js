// Client of the control API.

async function ask(method, path, body) {
  const response = await fetch(`/playground${path}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

export const post = (path, body) => ask("POST", path, body);
export const get = (path) => ask("GET", path);
export const remove = (path) => ask("DELETE", path);

/** Calls `handlers[kind](data)` for each event, and `handlers.offline` when the line breaks. */
export function listen(handlers) {
  const source = new EventSource("/playground/events");
  for (const kind of Object.keys(handlers)) {
    if (kind === "offline") continue;
    source.addEventListener(kind, (event) => handlers[kind](JSON.parse(event.data)));
  }
  source.onerror = () => {
    handlers.offline();
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(handlers), 1500);
    }
  };
}
