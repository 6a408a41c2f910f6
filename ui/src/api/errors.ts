// One shape for whatever went wrong on the way to the server and back.
import { MastoHttpError } from "masto";
import { m } from "../i18n";

export type FieldErrors = Record<string, string[]>;

export class RequestError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly reason: string | null = null,
    readonly details: FieldErrors = {},
  ) {
    super(message);
  }
}

/** `details` of a 422, as Mastodon sends them: {field: [{error, description}]}. */
export function fieldErrors(details: unknown): FieldErrors {
  if (details === null || typeof details !== "object") return {};
  const result: FieldErrors = {};
  for (const [field, list] of Object.entries(details)) {
    const texts = (Array.isArray(list) ? list : [list]).map((item: unknown) => {
      if (typeof item === "string") return item;
      const { description, error } = item as { description?: string; error?: string };
      return description ?? error ?? "";
    });
    result[field] = texts.filter(Boolean);
  }
  return result;
}

export function statusOf(error: unknown): number {
  if (error instanceof RequestError) return error.status;
  if (error instanceof MastoHttpError) return error.statusCode;
  return 0;
}

let ask: () => void = () => undefined;

/** Called when an answer says that the session is not what this page thinks: ended elsewhere, or another one. */
export function onDoubtfulSession(listener: () => void): void {
  ask = listener;
}

/** To be told of every failed request. */
export function examine(error: unknown): void {
  const status = statusOf(error);
  if (status === 401 || (status === 403 && error instanceof Error && error.message.includes("X-CSRF-Token"))) ask();
}

/** A sentence for the person in front of the screen. */
export function explain(error: unknown): string {
  const status = statusOf(error);
  if (status === 429) return m.errors.tooMany;
  if (status === 503) return m.errors.unavailable;
  if (status >= 500) return m.errors.server;
  if (status === 401) return m.errors.loggedOut;
  if (status > 0 && error instanceof Error && error.message) return error.message;
  if (status === 404) return m.errors.notFound;
  return navigator.onLine ? m.errors.unreachable : m.errors.offline;
}
