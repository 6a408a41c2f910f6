// What a reader does to posts and people. The screen changes at once and goes back where the server says no.
import { api } from "../api/client";
import type { Account, Relationship, Status } from "../api/types";
import { m } from "../i18n";
import { forgetStatus, keepRelationship, keepStatus, patchStatus, relationshipSignal } from "./entities";
import { type Feed, keptFeed, removeEverywhere } from "./feed";
import { complain, say } from "./notices";

async function optimistic(id: string, now: (status: Status) => Partial<Status>, send: () => Promise<Status>): Promise<void> {
  let before: Partial<Status> = {};
  patchStatus(id, (status) => {
    const change = now(status);
    before = Object.fromEntries(Object.keys(change).map((key) => [key, status[key as keyof Status]]));
    return change;
  });
  try {
    const answer = await send();
    keepStatus(answer.reblog ?? answer);
  } catch (error) {
    patchStatus(id, () => before);
    complain(error);
  }
}

export function toggleFavourite({ id, favourited }: Status): Promise<void> {
  const { favourite, unfavourite } = api.v1.statuses.$select(id);
  const step = favourited ? -1 : 1;
  return optimistic(
    id,
    (s) => ({ favourited: !favourited, favouritesCount: s.favouritesCount + step }),
    favourited ? unfavourite : favourite,
  );
}

export function toggleBoost({ id, reblogged }: Status): Promise<void> {
  const { reblog, unreblog } = api.v1.statuses.$select(id);
  const step = reblogged ? -1 : 1;
  return optimistic(id, (s) => ({ reblogged: !reblogged, reblogsCount: s.reblogsCount + step }), reblogged ? unreblog : () => reblog());
}

export async function toggleBookmark({ id, bookmarked }: Status): Promise<void> {
  const { bookmark, unbookmark } = api.v1.statuses.$select(id);
  await optimistic(id, () => ({ bookmarked: !bookmarked }), bookmarked ? unbookmark : bookmark);
  say(bookmarked ? m.post.bookmarkRemoved : m.post.bookmarkAdded);
}

export async function togglePin({ id, pinned }: Status): Promise<void> {
  const { pin, unpin } = api.v1.statuses.$select(id);
  await optimistic(id, () => ({ pinned: !pinned }), pinned ? unpin : pin);
}

export async function toggleThreadMute({ id, muted }: Status): Promise<void> {
  const { mute, unmute } = api.v1.statuses.$select(id);
  await optimistic(id, () => ({ muted: !muted }), muted ? unmute : mute);
}

export async function deleteStatus(id: string): Promise<boolean> {
  try {
    await api.v1.statuses.$select(id).remove();
    forgetStatus(id);
    removeEverywhere(id);
    say(m.post.deleted);
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

async function relate(id: string, guess: Partial<Relationship>, send: () => Promise<Relationship>): Promise<boolean> {
  const known = relationshipSignal(id);
  const before = known.value;
  if (before) known.value = { ...before, ...guess };
  try {
    keepRelationship(await send());
    return true;
  } catch (error) {
    known.value = before;
    complain(error);
    return false;
  }
}

export function follow(account: Account): Promise<boolean> {
  const guess = account.locked ? { requested: true } : { following: true };
  return relate(account.id, guess, () => api.v1.accounts.$select(account.id).follow());
}

export function setFollowOptions(id: string, options: { reblogs?: boolean; notify?: boolean }): Promise<boolean> {
  return relate(id, {}, () => api.v1.accounts.$select(id).follow(options));
}

export const unfollow = (id: string): Promise<boolean> =>
  relate(id, { following: false, requested: false }, () => api.v1.accounts.$select(id).unfollow());

/** Blocked and muted people leave the lists on the screen at once; the server leaves them out of the next page. */
function hidePostsOf(accountId: string): void {
  for (const name of ["home", "local", "public"]) void (keptFeed(name) as Feed<string> | undefined)?.reload();
  removeEverywhere(accountId);
}

export async function block(id: string): Promise<void> {
  if (await relate(id, { blocking: true, following: false }, () => api.v1.accounts.$select(id).block())) hidePostsOf(id);
}

export const unblock = (id: string): Promise<boolean> => relate(id, { blocking: false }, () => api.v1.accounts.$select(id).unblock());

export async function mute(id: string, duration: number, notifications: boolean): Promise<void> {
  if (await relate(id, { muting: true }, () => api.v1.accounts.$select(id).mute({ duration, notifications }))) hidePostsOf(id);
}

export const unmute = (id: string): Promise<boolean> => relate(id, { muting: false }, () => api.v1.accounts.$select(id).unmute());

export const saveNote = (id: string, comment: string): Promise<boolean> =>
  relate(id, { note: comment }, () => api.v1.accounts.$select(id).note.create({ comment }));

export async function removeFollower(id: string): Promise<void> {
  const before = relationshipSignal(id).value;
  try {
    await api.v1.accounts.$select(id).removeFromFollowers();
    if (before) keepRelationship({ ...before, followedBy: false });
  } catch (error) {
    complain(error);
  }
}
