// The one Mastodon client of the page. It rides on the session cookie; unsafe requests carry the CSRF token.
import { createRestAPIClient, type mastodon } from "masto";

const EPOCH = "Freehold-Epoch";
const EPOCH_KEY = "freehold.epoch";

let csrfToken: string | null = null;
let epoch: string | null = localStorage.getItem(EPOCH_KEY);

function make(): mastodon.rest.Client {
  return createRestAPIClient({ url: location.origin, timeout: 30_000, requestInit: { headers: ownHeaders() } });
}

/** A live binding: always the client of the current session. */
export let api: mastodon.rest.Client = make();

export function setCsrfToken(token: string | null): void {
  if (token === csrfToken) return;
  csrfToken = token;
  api = make();
}

const movesOf = (text: string): number => Number(text.split(" ")[0]);

/**
 * A network that moved says how often, with a proof. The newest word is kept and shown with what is sent, so that an old
 * home, to which the name may still lead, learns of it and takes no more writes.
 */
export function noteEpoch(response: Response): void {
  const seen = response.headers.get(EPOCH);
  if (!seen || (epoch && !(movesOf(seen) > movesOf(epoch)))) return;
  epoch = seen;
  localStorage.setItem(EPOCH_KEY, seen);
  api = make();
}

/** What every request of ours carries besides what it says. */
export function ownHeaders(): Record<string, string> {
  return { ...(csrfToken && { "X-CSRF-Token": csrfToken }), ...(epoch && { [EPOCH]: epoch }) };
}
