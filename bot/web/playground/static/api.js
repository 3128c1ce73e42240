// Talking to the program: everything at first, changes as they happen, and what a person does.

export async function everything() {
  const answer = await fetch("/playground/state");
  if (!answer.ok) throw new Error(`state: ${answer.status}`);
  return answer.json();
}

/** The mails that would have gone out, the newest first. */
export async function allMails() {
  const answer = await fetch("/playground/mails/news");
  if (!answer.ok) throw new Error(`mails: ${answer.status}`);
  return answer.json();
}

/** Does something for a person. Resolves to {ok, error, ...what came back}; never throws. */
export async function act(action, given) { return post(`/playground/do/${action}`, given); }

/** Moves the clock: "hours", "day", "easter", or back to "now". */
export async function moveClock(move, sure = false) { return post("/playground/move", { move, sure }); }

async function post(address, given) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(given),
    });
    return { ok: answer.ok, ...(await answer.json()) };
  } catch {
    return { ok: false, error: "offline" };
  }
}

/** Calls back with every change after this revision; the browser reconnects by itself. */
export function listen(after, { onNews, onBeside, onLost, onBack, onReset }) {
  const source = new EventSource(`/playground/stream?after=${after}`);
  let seen = after;
  source.onopen = onBack;
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    seen = news.revision;
    onNews(news);
  };
  source.addEventListener("beside", (event) => onBeside(JSON.parse(event.data)));
  source.addEventListener("reset", () => { source.close(); onReset(); });
  source.onerror = () => {
    onLost();
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => listen(seen, { onNews, onBeside, onLost, onBack, onReset }), 1500); // some browsers give up on a refusal
  };
}
