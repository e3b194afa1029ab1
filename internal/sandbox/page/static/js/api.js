// The sandbox's API: three requests and a stream of events.

const base = '/sandbox/api/';
const eventNames = [
  'message_create', 'message_update', 'message_delete', 'typing', 'commands',
  'bot', 'guild', 'channel', 'interaction', 'reset',
];
const firstRetry = 500; // ms; doubles up to lastRetry
const lastRetry = 8000;

/** APIError is an answer that is not a success; status 0 means no answer. */
export class APIError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, init) {
  let answer;
  try {
    answer = await fetch(base + path, { ...init, headers: { Accept: 'application/json', ...init?.headers } });
  } catch {
    throw new APIError(0, 'The sandbox does not answer. Is it still running?');
  }
  const body = await answer.text();
  let data = null;
  try {
    data = body ? JSON.parse(body) : null;
  } catch {
    if (answer.ok) throw new APIError(answer.status, 'The sandbox sent an answer that is not JSON.');
  }
  if (!answer.ok) {
    const reason = typeof data?.message === 'string' ? data.message : data?.error;
    throw new APIError(answer.status, typeof reason === 'string' ? reason : `The sandbox answered ${answer.status}.`);
  }
  return data;
}

function send(path, body) {
  return request(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
}

function query(params) {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') q.set(key, String(value));
  }
  const s = q.toString();
  return s ? `?${s}` : '';
}

/** fetchState loads who one is, the guilds, the users and the commands. */
export function fetchState(user) {
  return request(`state${query({ user })}`);
}

/** fetchMessages loads a page of a channel, oldest first. */
export function fetchMessages(channel, user, before, limit) {
  return request(`channels/${encodeURIComponent(channel)}/messages${query({ user, before, limit })}`);
}

/** postInteraction sends a command, a component's press, a modal or a
 * request for suggestions, as Discord's client would. */
export function postInteraction(body) {
  return send('interactions', body);
}

/** postLocale sets the language of a user, or with `guild_id` of a guild. */
export function postLocale(body) {
  return send('locale', body);
}

/** postFile sends a file for a command's option; it gives {id, filename}. */
export function postFile(channel, user, file) {
  return request(`channels/${encodeURIComponent(channel)}/files${query({ user, name: file.name })}`, { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file });
}

/** fetchPins loads the pinned messages of a channel, the latest pin first. */
export function fetchPins(channel, user) {
  return request(`channels/${encodeURIComponent(channel)}/pins${query({ user })}`);
}

/** postPin pins or unpins a message as a user. */
export function postPin(channel, body) {
  return send(`channels/${encodeURIComponent(channel)}/pins`, body);
}

/** postMessage writes a message as a user. */
export function postMessage(channel, body) {
  return send(`channels/${encodeURIComponent(channel)}/messages`, body);
}

/**
 * listen follows the events of a user until the returned function is called:
 * all that come after the one with the id `after`, through any number of lost
 * connections. What cannot be caught up on comes as the event `reset`.
 * `onEvent(name, data)`; `onState('connected' | 'lost')`.
 */
export function listen(user, after, { onEvent, onState }) {
  let last = after ?? '';
  let source = null;
  let timer = 0;
  let wait = firstRetry;
  let stopped = false;

  const open = () => {
    source = new EventSource(`${base}events${query({ user, after: last })}`);
    source.onopen = () => {
      wait = firstRetry;
      onState('connected');
    };
    // The browser's own retrying gives up on an error status and waits as it
    // likes otherwise; ours is bounded and visible.
    source.onerror = () => {
      source.close();
      if (stopped) return;
      onState('lost');
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, lastRetry);
    };
    for (const name of eventNames) {
      source.addEventListener(name, (event) => {
        let data = null;
        if (event.lastEventId) last = event.lastEventId;
        try {
          data = event.data ? JSON.parse(event.data) : {};
        } catch {
          return;
        }
        onEvent(name, data ?? {});
      });
    }
  };
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
