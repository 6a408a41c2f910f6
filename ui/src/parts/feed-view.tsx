// A feed on the screen: skeletons, the list, the pill of new arrivals, the end, and the words for nothing and for trouble.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect } from "preact/hooks";
import type { FilterContext } from "../api/types";
import { m } from "../i18n";
import { savedScroll } from "../router";
import type { Feed } from "../state/feed";
import { announce } from "../state/notices";
import { wantsStillness } from "../state/settings";
import { Edge, Empty, Skeletons, Spinner, Trouble } from "./basics";
import { Icon, type IconName } from "./icon";
import { Post } from "./post";

interface FeedViewProps<Item> {
  feed: Feed<Item>;
  draw: (item: Item) => ComponentChildren;
  empty: { icon: IconName; title: string; text?: ComponentChildren };
  label: string;
  class?: string;
  /** Rows are articles: then the whole is an ARIA feed. */
  articles?: boolean;
}

export function FeedView<Item>({ feed, draw, empty, label, class: name = "", articles = false }: FeedViewProps<Item>) {
  useEffect(() => void feed.catchUp(), [feed]);
  useLayoutEffect(() => {
    // The list of before is drawn at once, so the old position is there too.
    const wanted = savedScroll();
    if (wanted > 0 && feed.items.peek().length > 0) scrollTo(0, wanted);
  }, [feed]);

  const items = feed.items.value;
  const state = feed.state.value;
  const pending = feed.pending.value.length;
  useEffect(() => {
    if (pending > 0) announce(m.feed.arrived(pending));
  }, [pending]);
  const reveal = (): void => {
    feed.reveal();
    scrollTo({ top: 0, behavior: wantsStillness() ? "instant" : "smooth" });
  };

  if (items.length === 0) {
    if (state === "error") return <Trouble error={feed.error} retry={() => feed.reload()} />;
    if (state === "ready" && feed.ended.value)
      return (
        <Empty icon={empty.icon} title={empty.title}>
          {empty.text}
        </Empty>
      );
    if (state !== "ready") return <Skeletons />;
  }
  return (
    <>
      {pending > 0 && (
        <div class="pill-place">
          <button type="button" class="pill" onClick={reveal}>
            <Icon name="up" />
            {m.feed.arrived(pending)}
          </button>
        </div>
      )}
      <div
        class={`feed ${name}`}
        aria-label={label}
        aria-busy={state === "loading"}
        {...(articles ? { role: "feed" } : { role: "region" })}
      >
        {items.map(draw)}
      </div>
      {state === "error" && <Trouble error={feed.error} retry={() => feed.more()} />}
      {state === "loading" && items.length > 0 && <Spinner />}
      {!feed.ended.value && state !== "error" && <Edge key={items.length} onNear={() => void feed.more()} />}
      {feed.ended.value && items.length > 0 && (
        <p class="feed-end">
          <span>{m.feed.end}</span>
        </p>
      )}
    </>
  );
}

interface StatusFeedProps {
  feed: Feed<string>;
  context: FilterContext;
  empty: FeedViewProps<string>["empty"];
  label: string;
}

export function StatusFeed({ feed, context, empty, label }: StatusFeedProps) {
  return <FeedView feed={feed} label={label} empty={empty} articles draw={(id) => <Post key={id} id={id} context={context} />} />;
}
