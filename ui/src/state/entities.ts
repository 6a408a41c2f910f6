// What the server told us, one signal per thing: a post favourited in one column changes in all of them.
import { type Signal, signal } from "@preact/signals";
import { api } from "../api/client";
import type { Account, Attachment, Poll, Relationship, Status } from "../api/types";

/** `null`: the post is gone. */
const statuses = new Map<string, Signal<Status | null>>();
const accounts = new Map<string, Signal<Account>>();
const relationships = new Map<string, Signal<Relationship | null>>();
const relationshipsAsked = new Set<string>();
/** When the stream last spoke of a post, in performance.now(): an answer asked for before then is older than what is known. */
const told = new Map<string, number>();

/** What a post is to this reader, which copies made for everybody do not say. */
const ofReader = ({ favourited, reblogged, bookmarked, pinned, muted }: Status): Partial<Status> => ({
  favourited,
  reblogged,
  bookmarked,
  pinned,
  muted,
});

function keepAsked(status: Status, asked: number): void {
  if (status.reblog) keepAsked(status.reblog, asked);
  keepAccount(status.account);
  const known = statuses.get(status.id);
  if ((told.get(status.id) ?? 0) > asked) {
    patchStatus(status.id, () => ofReader(status));
  } else if (known) {
    known.value = status;
  } else {
    statuses.set(status.id, signal(status));
  }
}

export const keepStatus = (status: Status): void => keepAsked(status, Infinity);

/** What the stream tells. */
export function keepTold(status: Status): void {
  const mine = knownStatus(status.id);
  told.set(status.id, performance.now());
  keepStatus(mine ? { ...status, ...ofReader(mine) } : status);
}

/** Takes in what was asked for at `asked` (performance.now()). Returns which of it are still there. */
export function keepAnswer(found: Status[], asked: number): string[] {
  for (const status of found) keepAsked(status, asked);
  return found.filter(({ id }) => knownStatus(id)).map(({ id }) => id);
}

export function statusSignal(id: string): Signal<Status | null> {
  let found = statuses.get(id);
  if (!found) statuses.set(id, (found = signal<Status | null>(null)));
  return found;
}

export const knownStatus = (id: string): Status | null => statuses.get(id)?.peek() ?? null;

export function patchStatus(id: string, change: (status: Status) => Partial<Status>): void {
  const found = statuses.get(id);
  if (found?.value) found.value = { ...found.value, ...change(found.value) };
}

/** A film has become more than it was. */
export function patchAttachment(id: string, now: Attachment): void {
  for (const found of statuses.values()) {
    const media = found.peek()?.mediaAttachments ?? [];
    if (!found.value || !media.some((each) => each.id === id)) continue;
    found.value = { ...found.value, mediaAttachments: media.map((each) => (each.id === id ? now : each)) };
  }
}

export function forgetStatus(id: string): void {
  told.set(id, performance.now());
  const found = statuses.get(id);
  if (found) found.value = null;
}

export function keepPoll(statusId: string, poll: Poll): void {
  patchStatus(statusId, () => ({ poll }));
}

export function keepAccount(account: Account): string {
  const known = accounts.get(account.id);
  if (known) known.value = account;
  else accounts.set(account.id, signal(account));
  return account.id;
}

export const accountSignal = (id: string): Signal<Account> | null => accounts.get(id) ?? null;

export function knownAccountByAcct(acct: string): Account | null {
  const wanted = acct.toLowerCase();
  for (const { value } of accounts.values()) if (value.acct.toLowerCase() === wanted) return value;
  return null;
}

export function relationshipSignal(id: string): Signal<Relationship | null> {
  let found = relationships.get(id);
  if (!found) relationships.set(id, (found = signal<Relationship | null>(null)));
  return found;
}

export function keepRelationship(relationship: Relationship): void {
  relationshipSignal(relationship.id).value = relationship;
}

let waiting: string[] = [];

/** Asks once per account and joins the questions of one frame into one request. */
export function needRelationship(id: string): void {
  if (relationshipsAsked.has(id)) return;
  relationshipsAsked.add(id);
  waiting.push(id);
  if (waiting.length > 1) return;
  setTimeout(async () => {
    const ids = waiting;
    waiting = [];
    for (let start = 0; start < ids.length; start += 40) {
      const part = ids.slice(start, start + 40);
      try {
        for (const found of await api.v1.accounts.relationships.fetch({ id: part })) keepRelationship(found);
      } catch {
        for (const missed of part) relationshipsAsked.delete(missed);
      }
    }
  }, 20);
}

/** At log-out nothing of the former reader may stay. */
export function forgetEverything(): void {
  statuses.clear();
  told.clear();
  accounts.clear();
  relationships.clear();
  relationshipsAsked.clear();
}
