// Feeds by another name: a hashtag, a list, bookmarks, favourites.
import { useEffect, useMemo, useState } from "preact/hooks";
import { api } from "../api/client";
import { m } from "../i18n";
import { bookmarkFeed, favouriteFeed, listFeed, live, tagFeed } from "../state/feeds";
import { complain } from "../state/notices";
import { me } from "../state/session";
import { Button } from "../parts/basics";
import { openComposer } from "../parts/composer";
import { StatusFeed } from "../parts/feed-view";
import { useLoad } from "../parts/load";
import { Page } from "../parts/page";
import { askToJoin } from "../parts/post-menu";

export function TagPage({ name }: { name: string }) {
  const target = useMemo(() => tagFeed(name), [name]);
  const loggedIn = me.value !== null;
  const tag = useLoad(() => api.v1.tags.$select(name).fetch(), [name]);
  const [busy, setBusy] = useState(false);
  useEffect(() => (loggedIn ? live(target, "hashtag", name.toLowerCase()) : undefined), [target, loggedIn]);
  const toggle = async (): Promise<void> => {
    if (!loggedIn) return askToJoin();
    setBusy(true);
    try {
      const chosen = api.v1.tags.$select(name);
      tag.set(await (tag.value?.following ? chosen.unfollow() : chosen.follow()));
    } catch (error) {
      complain(error);
    }
    setBusy(false);
  };
  const actions = (
    <>
      {loggedIn && (
        <Button small kind="plain" icon="write" onClick={() => openComposer({ text: `#${name} ` })}>
          {m.tag.write}
        </Button>
      )}
      <Button
        small
        kind={tag.value?.following ? "soft" : "main"}
        busy={busy}
        {...(tag.value?.following && { icon: "check" as const })}
        onClick={toggle}
      >
        {tag.value?.following ? m.tag.following : m.tag.follow}
      </Button>
    </>
  );
  return (
    <Page title={`#${tag.value?.name ?? name}`} back="/explore" actions={actions}>
      <StatusFeed
        feed={target}
        context="public"
        label={`#${name}`}
        empty={{ icon: "hash", title: m.tag.emptyTitle, text: m.tag.emptyText }}
      />
    </Page>
  );
}

export function ListTimeline({ id }: { id: string }) {
  const target = useMemo(() => listFeed(id), [id]);
  const loaded = useLoad(() => api.v1.lists.$select(id).fetch(), [id]);
  useEffect(() => live(target, "list", id), [target]);
  return (
    <Page
      title={loaded.value?.title ?? m.nav.lists}
      back="/lists"
      actions={
        <a class="button button-soft button-small" href={`/lists/${id}/edit`}>
          {m.lists.manage}
        </a>
      }
    >
      <StatusFeed
        feed={target}
        context="home"
        label={loaded.value?.title ?? m.nav.lists}
        empty={{ icon: "list", title: m.lists.emptyTitle, text: m.lists.emptyText }}
      />
    </Page>
  );
}

export function Bookmarks() {
  const target = useMemo(bookmarkFeed, []);
  useEffect(() => void target.catchUp(true), []);
  return (
    <Page title={m.nav.bookmarks}>
      <StatusFeed
        feed={target}
        context="account"
        label={m.nav.bookmarks}
        empty={{ icon: "bookmark", title: m.saved.noBookmarks, text: m.saved.noBookmarksText }}
      />
    </Page>
  );
}

export function Favourites() {
  const target = useMemo(favouriteFeed, []);
  useEffect(() => void target.catchUp(true), []);
  return (
    <Page title={m.nav.favourites} back="/home">
      <StatusFeed
        feed={target}
        context="account"
        label={m.nav.favourites}
        empty={{ icon: "star", title: m.saved.noFavourites, text: m.saved.noFavouritesText }}
      />
    </Page>
  );
}
