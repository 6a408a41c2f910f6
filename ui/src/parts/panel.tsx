// The panel at the right of a wide screen: search, what is talked about, whom one might like.
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account, Tag } from "../api/types";
import { m } from "../i18n";
import { navigate, place } from "../router";
import { me, site } from "../state/session";
import { tagsInTalk } from "../state/talk";
import { Icon } from "./icon";
import { Person } from "./people";

export function SearchBox({ initial = "" }: { initial?: string }) {
  const [query, setQuery] = useState(initial);
  useEffect(() => setQuery(initial), [initial]);
  const go = (event: Event): void => {
    event.preventDefault();
    if (query.trim()) navigate(`/search?q=${encodeURIComponent(query.trim())}`);
  };
  return (
    <form class="search-box" role="search" onSubmit={go}>
      <Icon name="search" />
      <input
        type="search"
        data-search
        value={query}
        placeholder={m.search.placeholder}
        aria-label={m.search.placeholder}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
    </form>
  );
}

export function TagRow({ tag }: { tag: Tag }) {
  const people = (tag.history ?? []).slice(0, 2).reduce((sum, day) => sum + Number(day.accounts), 0);
  return (
    <a class="tag-row" href={`/tags/${encodeURIComponent(tag.name)}`}>
      <span class="tag-name">#{tag.name}</span>
      {people > 0 && <span class="tag-people">{m.tag.people(people)}</span>}
    </a>
  );
}

export function SidePanel() {
  const [tags, setTags] = useState<Tag[]>([]);
  const [people, setPeople] = useState<Account[]>([]);
  const [wide, setWide] = useState(() => matchMedia("(min-width: 1120px)").matches);
  useEffect(() => {
    const query = matchMedia("(min-width: 1120px)");
    const look = (): void => setWide(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  useEffect(() => {
    // The panel is an extra: where it cannot be filled it stays empty without a word.
    if (!wide) return;
    tagsInTalk(5).then(setTags, () => undefined);
    if (me.value)
      api.v2.suggestions.list({ limit: 3 }).then(
        (found) => setPeople(found.map(({ account }) => account)),
        () => undefined,
      );
  }, [wide, me.value?.id]);
  if (!wide) return null;
  const searching = ["/search", "/explore", "/explore/tags", "/directory"].includes(place.value.path);
  return (
    <aside class="panel" aria-label={m.panel.label}>
      {!searching && <SearchBox />}
      {tags.length > 0 && (
        <section class="panel-box">
          <h2>{m.panel.trends}</h2>
          {tags.map((tag) => (
            <TagRow key={tag.name} tag={tag} />
          ))}
        </section>
      )}
      {people.length > 0 && (
        <section class="panel-box">
          <h2>{m.panel.people}</h2>
          {people.map((account) => (
            <Person key={account.id} account={account} />
          ))}
          <a class="panel-more" href="/directory">
            {m.panel.morePeople}
          </a>
        </section>
      )}
      <footer class="panel-foot">
        <a href="/about">{m.panel.about(site.value.title)}</a>
        <a href="/privacy">{m.panel.privacy}</a>
        <a href="/source">{m.about.source}</a>
        <a href="/shortcuts">{m.nav.keys}</a>
        <span>Freehold {site.value.version}</span>
      </footer>
    </aside>
  );
}
