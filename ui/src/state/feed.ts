// A paged list that can grow at both ends, kept while its page is out of sight so that "back" is instant.
import { type Signal, batch, signal } from "@preact/signals";
import { examine } from "../api/errors";

export type FeedState = "idle" | "loading" | "ready" | "error";

export interface FeedSource<Raw, Item> {
  /** A fresh walk over the pages, newest first. */
  pages(): AsyncIterator<Raw>;
  /** What a page brings that was asked for at `asked` (performance.now()). */
  take(raw: Raw, asked: number): Item[];
  key(item: Item): string;
}

const STALE_AFTER = 30_000;

export class Feed<Item> {
  readonly items: Signal<Item[]> = signal<Item[]>([]);
  /** Arrived while the reader was further down. */
  readonly pending: Signal<Item[]> = signal<Item[]>([]);
  readonly state: Signal<FeedState> = signal<FeedState>("idle");
  readonly ended = signal(false);
  error: unknown = null;
  private walk: AsyncIterator<unknown> | null = null;
  private loadedAt = 0;
  private generation = 0;
  /** Asked to catch up while a page was under way: what it brings may be older than the wish. */
  private again = false;

  constructor(private readonly source: FeedSource<unknown, Item>) {}

  async more(): Promise<void> {
    if (this.state.value === "loading" || this.ended.value) return;
    const generation = this.generation;
    this.state.value = "loading";
    try {
      this.walk ??= this.source.pages();
      const asked = performance.now();
      const { value, done } = await this.walk.next();
      if (generation !== this.generation) return;
      const found = done ? [] : this.source.take(value, asked);
      batch(() => {
        this.items.value = this.merge(this.items.value, found);
        this.ended.value = Boolean(done) || found.length === 0;
        this.state.value = "ready";
      });
      this.loadedAt ||= Date.now();
      if (this.again) {
        this.again = false;
        await this.catchUp(true);
      }
    } catch (error) {
      examine(error);
      if (generation !== this.generation) return;
      // A walk that has thrown is over; the next one starts at the top and finds what is already here.
      this.walk = null;
      this.error = error;
      this.state.value = "error";
    }
  }

  /** Fetches the newest page and puts it on top; starts over where it does not touch what is here. */
  async catchUp(force = false): Promise<void> {
    if (this.state.value === "idle") return this.more();
    if (this.state.value === "loading") {
      this.again ||= force;
      return;
    }
    if (!force && Date.now() - this.loadedAt < STALE_AFTER) return;
    const generation = this.generation;
    const walk = this.source.pages();
    const asked = performance.now();
    try {
      const { value, done } = await walk.next();
      if (generation !== this.generation) return;
      const found = done ? [] : this.source.take(value, asked);
      const known = new Set(this.items.value.map(this.source.key));
      const touches = found.some((item) => known.has(this.source.key(item)));
      batch(() => {
        if (touches) {
          this.items.value = this.merge(found, this.items.value);
        } else {
          this.generation += 1;
          this.walk = walk;
          this.items.value = found;
          this.ended.value = found.length === 0;
        }
        this.pending.value = [];
        this.state.value = "ready";
      });
      this.loadedAt = Date.now();
    } catch (error) {
      examine(error);
      if (this.items.value.length === 0) {
        this.error = error;
        this.state.value = "error";
      }
    }
  }

  async reload(): Promise<void> {
    this.generation += 1;
    batch(() => {
      this.walk = null;
      this.loadedAt = 0;
      this.again = false;
      this.ended.value = false;
      this.items.value = [];
      this.pending.value = [];
      this.state.value = "idle";
    });
    await this.more();
  }

  /** Something new: on top at once, or held back while the reader is further down. */
  arrive(item: Item, hold: boolean): void {
    const key = this.source.key(item);
    if (this.state.value === "idle" || this.items.value.some((known) => this.source.key(known) === key)) return;
    if (hold) this.pending.value = [item, ...this.pending.value.filter((known) => this.source.key(known) !== key)];
    else this.items.value = [item, ...this.items.value];
  }

  reveal(): void {
    batch(() => {
      this.items.value = this.merge(this.pending.value, this.items.value);
      this.pending.value = [];
    });
  }

  remove(key: string): void {
    const keep = (item: Item): boolean => this.source.key(item) !== key;
    batch(() => {
      this.items.value = this.items.value.filter(keep);
      this.pending.value = this.pending.value.filter(keep);
    });
  }

  update(change: (items: Item[]) => Item[]): void {
    this.items.value = change(this.items.value);
  }

  private merge(first: Item[], second: Item[]): Item[] {
    const seen = new Set<string>();
    return [...first, ...second].filter((item) => {
      const key = this.source.key(item);
      return seen.has(key) ? false : (seen.add(key), true);
    });
  }
}

const KEPT = 16;
const kept = new Map<string, Feed<unknown>>();

/** The feed of that name: the one from before, where it is still here. */
export function feed<Raw, Item>(name: string, source: FeedSource<Raw, Item>): Feed<Item> {
  const found = (kept.get(name) as Feed<Item> | undefined) ?? new Feed<Item>(source as FeedSource<unknown, Item>);
  kept.delete(name);
  kept.set(name, found as Feed<unknown>);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return found;
}

export const keptFeed = (name: string): Feed<unknown> | undefined => kept.get(name);

/** Takes a post, account or notification out of every list that shows it. */
export function removeEverywhere(key: string): void {
  for (const each of kept.values()) each.remove(key);
}

export function forgetFeeds(): void {
  kept.clear();
}
