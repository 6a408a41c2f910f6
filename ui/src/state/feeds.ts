// The feeds of posts this client knows, each with its source and the stream that feeds it live.
import { signal } from "@preact/signals";
import { api } from "../api/client";
import { SUBSCRIBED, subscribe, type StreamEvent } from "../api/stream";
import type { Status } from "../api/types";
import { forgetStatus, keepAnswer, keepTold } from "./entities";
import { type MediaNews, takeMedia } from "./media";
import { type Feed, feed, keptFeed, removeEverywhere } from "./feed";
import { hasUnseenHome } from "./unread";

const LIMIT = 20;

/** The post that was sent last from here: a thread on the screen takes it in. */
export const justSent = signal<Status | null>(null);

type Pages = () => AsyncIterator<Status[]>;

export const statusFeed = (name: string, pages: Pages): Feed<string> =>
  feed<Status[], string>(name, { pages, take: keepAnswer, key: (id) => id });

export const homeFeed = (): Feed<string> => statusFeed("home", () => api.v1.timelines.home.list({ limit: LIMIT }).values());

export const publicFeed = (local: boolean): Feed<string> =>
  statusFeed(local ? "local" : "public", () => api.v1.timelines.public.list({ limit: LIMIT, ...(local && { local }) }).values());

export const tagFeed = (tag: string): Feed<string> =>
  statusFeed(`tag/${tag}`, () => api.v1.timelines.tag.$select(tag).list({ limit: LIMIT }).values());

export const listFeed = (id: string): Feed<string> =>
  statusFeed(`list/${id}`, () => api.v1.timelines.list.$select(id).list({ limit: LIMIT }).values());

export const bookmarkFeed = (): Feed<string> => statusFeed("bookmarks", () => api.v1.bookmarks.list({ limit: LIMIT }).values());

export const favouriteFeed = (): Feed<string> => statusFeed("favourites", () => api.v1.favourites.list({ limit: LIMIT }).values());

export type ProfileTab = "posts" | "replies" | "media";

export const profileFeed = (id: string, tab: ProfileTab): Feed<string> =>
  statusFeed(`account/${id}/${tab}`, () =>
    api.v1.accounts
      .$select(id)
      .statuses.list({ limit: LIMIT, ...(tab === "posts" && { excludeReplies: true }), ...(tab === "media" && { onlyMedia: true }) })
      .values(),
  );

const FAR_DOWN = 320;
const readingFurtherDown = (): boolean => scrollY > FAR_DOWN || document.visibilityState !== "visible";

/** What every stream of posts has in common: edits, deletions, arrivals. */
export function applyStatusEvent({ event, payload }: StreamEvent, target: Feed<string> | null): void {
  if (event === "delete") {
    forgetStatus(payload as string);
    removeEverywhere(payload as string);
  } else if (event === "status.update") {
    keepTold(payload as Status);
  } else if (event === SUBSCRIBED) {
    void target?.catchUp(true);
  } else if (event === "update" && target) {
    const status = payload as Status;
    keepTold(status);
    target.arrive(status.id, readingFurtherDown());
  }
}

/** Keeps a feed live while its page is shown; returns the end of it. */
export function live(target: Feed<string>, stream: string, argument = ""): () => void {
  return subscribe(stream, (event) => applyStatusEvent(event, target), argument);
}

/** The reader's own stream runs for the whole visit. */
export function startHomeStream(onNotification: (event: StreamEvent) => void): () => void {
  return subscribe("user", (event) => {
    if (event.event === SUBSCRIBED) onNotification(event);
    if (event.event === "notification" || event.event === "notifications_merged") return onNotification(event);
    if (event.event === "freehold.media") return void takeMedia(event.payload as MediaNews).catch(() => undefined);
    const home = keptFeed("home") as Feed<string> | undefined;
    applyStatusEvent(event, home ?? null);
    if (event.event === "update" && !location.pathname.startsWith("/home")) hasUnseenHome.value = true;
  });
}
