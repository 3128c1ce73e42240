// What the page knows: the people, their chats, the page's words. Parts of the page subscribe to news.

class Store {
  #subscribers = [];
  people = [];
  chats = new Map(); // person's id -> Map(message id -> message, in order)
  words = {};
  openings = [];
  bot = {};
  show = {}; // what is said in "Se det skje"
  beside = { ahead: 0, moves: 0, is_open: true, newest_mail: "" }; // the clock, and whether there is a new mail
  mailboxes = []; // hosts who have no Telegram
  mails = []; // the newest first
  seenMail = ""; // the newest that was looked at
  revision = 0;
  pressed = new Map(); // query id -> callback, for presses made on this page
  #early = new Map(); // answers that came before the press's own reply

  begin(state) {
    const { words, openings, bot, show, beside } = state;
    const mailboxes = state.mailboxes.map((one) => ({ ...one, id: `mail:${one.email}`, role: "host", isMailbox: true }));
    Object.assign(this, { words, openings, bot, show, beside, mailboxes });
    this.take(state);
  }

  /** Takes in changes and tells everybody; `changed` holds the messages that are new or different. */
  take(news) {
    this.people = news.people;
    this.revision = news.revision;
    for (const message of news.messages) this.#put(message);
    for (const answer of news.answers) this.#answered(answer);
    this.tell(news.messages);
  }

  subscribe(tell) { this.#subscribers.push(tell); }

  chat(id) {
    if (!this.chats.has(id)) this.chats.set(id, new Map());
    return this.chats.get(id);
  }

  /** Who stands in the list: those with a chat, then those who have only mail. */
  get everybody() { return [...this.people, ...this.mailboxes]; }

  person(id) { return this.everybody.find((person) => person.id === id); }

  /** The playground's own time, in seconds as Telegram counts. */
  now() { return (Date.now() + this.beside.ahead) / 1000; }

  takeMails(mails) {
    this.mails = mails;
    this.tell();
  }

  tell(messages = []) { for (const tell of this.#subscribers) tell(messages); }

  isMine(message) { return message.from?.id === message.chat_id; }

  unread(person) {
    if (person.isMailbox) {
      const seen = this.mails.findIndex((mail) => mail.id === this.seenMail);
      return seen < 0 ? this.mails.length : seen;
    }
    let count = 0;
    for (const message of this.chat(person.id).values()) {
      if (!this.isMine(message) && message.message_id > person.read_up_to) count += 1;
    }
    return count;
  }

  latest(person) { return [...this.chat(person.id).values()].at(-1); }

  awaitAnswer(queryId, onAnswer) {
    if (this.#early.has(queryId)) onAnswer(this.#early.get(queryId));
    else this.pressed.set(queryId, onAnswer);
  }

  #put(message) {
    const chat = this.chat(message.chat_id);
    if (message.deleted) chat.delete(message.message_id);
    else chat.set(message.message_id, message);
  }

  #answered(answer) {
    const onAnswer = this.pressed.get(answer.query_id);
    if (onAnswer) { this.pressed.delete(answer.query_id); onAnswer(answer); }
    else this.#early.set(answer.query_id, answer);
  }
}

export const store = new Store();

/** A phrase of the page, with {things} filled in. */
export function say(name, filled = {}) {
  return (store.words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => filled[key] ?? "");
}

/** Which of the two panes a person belongs to: who asks at the left, who answers at the right. */
export function sideOf(person) { return person.role === "mover" ? "asks" : "answers"; }
