// What was typed and not yet sent survives a closed tab. One draft per place: a new post, a reply to X, an edit of Y.
import type { Visibility } from "../api/types";

export interface Draft {
  text: string;
  warning: string;
  warned: boolean;
  visibility: Visibility | null;
  language: string | null;
  poll: { options: string[]; expiresIn: number; multiple: boolean } | null;
  savedAt: number;
}

const PREFIX = "freehold.draft.";
const KEEP = 14 * 24 * 3600 * 1000;

const keyOf = (accountId: string, context: string): string => `${PREFIX}${accountId}.${context}`;

export function loadDraft(accountId: string, context: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(keyOf(accountId, context)) ?? "null") as Draft | null;
    return draft && Date.now() - draft.savedAt < KEEP ? draft : null;
  } catch {
    return null;
  }
}

export function saveDraft(accountId: string, context: string, draft: Omit<Draft, "savedAt">): void {
  const empty = !draft.text.trim() && !draft.warning.trim() && !draft.poll?.options.some((option) => option.trim());
  if (empty) dropDraft(accountId, context);
  else localStorage.setItem(keyOf(accountId, context), JSON.stringify({ ...draft, savedAt: Date.now() }));
}

export function dropDraft(accountId: string, context: string): void {
  localStorage.removeItem(keyOf(accountId, context));
}

/** At log-out and at the start: nobody's drafts lie around for ever. */
export function sweepDrafts(keepAccountId: string | null): void {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX)) continue;
    const [accountId = "", ...context] = key.slice(PREFIX.length).split(".");
    if (accountId !== keepAccountId || !loadDraft(accountId, context.join("."))) localStorage.removeItem(key);
  }
}
