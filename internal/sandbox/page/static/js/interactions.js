// Sending of interactions, and waiting for their fate.

import { postInteraction } from './api.js';
import { directID } from './store.js';

const patience = 20000; // ms without any word of an interaction's fate
const keepEarly = 50;

// mark counts what is answered on the page, for those who drive it.
function mark() {
  const app = document.getElementById('app');
  app.dataset.settled = Number(app.dataset.settled ?? 0) + 1;
}

/** Interactions matches answers from the event stream to what was sent. */
export class Interactions {
  constructor(store) {
    this.store = store;
    this.open = new Map(); // id → {done, timer}
    this.early = new Map(); // events that overtook the answer to their POST
    this.sent = new Set(); // ids of what waits for its answer, be it promised
  }

  /**
   * send posts an interaction and resolves to {state, modal, reason}: answered,
   * deferred, failed or modal. It never rejects.
   */
  async send(body) {
    let id;
    try {
      const answer = await postInteraction({
        ...this.place(), ...body,
      });
      id = answer?.id;
    } catch (error) {
      mark();
      return { state: 'failed', reason: error.message };
    }
    if (!id) return { state: 'failed', reason: 'The sandbox gave the interaction no id.' };
    if (this.early.has(id)) {
      const fate = this.early.get(id);
      this.early.delete(id);
      if (fate.state === 'deferred') this.sent.add(id);
      else mark();
      return fate;
    }
    this.sent.add(id);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.settle({ id, state: 'failed' }), patience);
      this.open.set(id, { resolve, timer });
    });
  }

  // place says who acts and where.
  place() {
    const direct = this.store.guildID === directID;
    return { user: this.store.me?.id, ...(!direct && { guild_id: this.store.guildID }), channel_id: this.store.channelID };
  }

  /** suggest asks the bot for suggestions to the focused option. */
  async suggest(data) {
    const answer = await postInteraction({
      ...this.place(), type: 4, data,
    });
    return Array.isArray(answer?.choices) ? answer.choices : [];
  }

  /** settle takes an `interaction` event. */
  settle(event) {
    if (event.state !== 'deferred' && this.sent.delete(event.id)) mark(); // suggestions are no answer
    const fate = { state: event.state, modal: event.modal, reason: typeof event.message === 'string' ? event.message : '' };
    const waiting = this.open.get(event.id);
    if (!waiting) {
      this.early.set(event.id, fate);
      if (this.early.size > keepEarly) this.early.delete(this.early.keys().next().value);
      return;
    }
    clearTimeout(waiting.timer);
    this.open.delete(event.id);
    waiting.resolve(fate);
  }

  /** forget gives up on all that is open, after a gap in the events. */
  forget() {
    for (const id of [...this.sent]) this.settle({ id, state: 'answered' });
  }
}
