// The one Mastodon client of the page. It rides on the session cookie; unsafe requests carry the CSRF token.
import { createRestAPIClient, type mastodon } from "masto";

let csrfToken: string | null = null;

function make(): mastodon.rest.Client {
  return createRestAPIClient({
    url: location.origin,
    timeout: 30_000,
    ...(csrfToken && { requestInit: { headers: { "X-CSRF-Token": csrfToken } } }),
  });
}

/** A live binding: always the client of the current session. */
export let api: mastodon.rest.Client = make();

export function setCsrfToken(token: string | null): void {
  if (token === csrfToken) return;
  csrfToken = token;
  api = make();
}

export function csrfHeaders(): Record<string, string> {
  return csrfToken ? { "X-CSRF-Token": csrfToken } : {};
}
