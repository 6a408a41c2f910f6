// Looking around: what is talked about, and the search.
import { useEffect, useState } from "preact/hooks";
import { api } from "../api/client";
import type { Account, Tag } from "../api/types";
import { m } from "../i18n";
import { place } from "../router";
import { keepAccount, keepAnswer } from "../state/entities";
import { statusFeed } from "../state/feeds";
import { postsInTalk, tagsInTalk } from "../state/talk";
import { me, site } from "../state/session";
import { Empty } from "../parts/basics";
import { StatusFeed } from "../parts/feed-view";
import { Load, useLoad } from "../parts/load";
import { Page, Tabs } from "../parts/page";
import { SearchBox, TagRow } from "../parts/panel";
import { Person } from "../parts/people";
import { Post } from "../parts/post";

const trendingFeed = () => statusFeed("trends", postsInTalk);

function ExploreTabs({ current }: { current: "posts" | "tags" | "people" }) {
  return (
    <Tabs
      label={m.nav.explore}
      tabs={[
        { href: "/explore", label: m.explore.posts, current: current === "posts" },
        { href: "/explore/tags", label: m.explore.tags, current: current === "tags" },
        { href: "/directory", label: m.explore.people, current: current === "people" },
      ]}
    />
  );
}

function Welcome() {
  if (me.value) return null;
  return (
    <section class="welcome">
      <h2>{m.explore.welcome(site.value.title)}</h2>
      <p>{m.explore.welcomeText}</p>
      <p class="row">
        {site.value.registrations !== "closed" && (
          <a class="button button-main" href="/signup">
            {m.auth.signUp}
          </a>
        )}
        <a class="button button-soft" href="/login">
          {m.auth.logIn}
        </a>
      </p>
    </section>
  );
}

export function Explore() {
  const [target] = useState(trendingFeed);
  return (
    <Page
      title={m.nav.explore}
      below={
        <>
          <div class="page-search">
            <SearchBox />
          </div>
          <ExploreTabs current="posts" />
        </>
      }
    >
      <Welcome />
      <StatusFeed
        feed={target}
        context="public"
        label={m.explore.posts}
        empty={{
          icon: "explore",
          title: m.explore.emptyTitle,
          text: (
            <a class="button button-soft" href="/public/local">
              {m.nav.local}
            </a>
          ),
        }}
      />
    </Page>
  );
}

export function ExploreTags() {
  const tags = useLoad<Tag[]>(() => tagsInTalk(20), []);
  return (
    <Page
      title={m.nav.explore}
      below={
        <>
          <div class="page-search">
            <SearchBox />
          </div>
          <ExploreTabs current="tags" />
        </>
      }
    >
      <Load from={tags}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="hash" title={m.explore.noTags} />
          ) : (
            <div class="sheet">
              {found.map((tag) => (
                <TagRow key={tag.name} tag={tag} />
              ))}
            </div>
          )
        }
      </Load>
    </Page>
  );
}

const DIRECTORY_PAGE = 30;

export function Directory() {
  const [order, setOrder] = useState<"active" | "new">("active");
  const [people, setPeople] = useState<Account[]>([]);
  const [ended, setEnded] = useState(false);
  const first = useLoad(() => api.v1.directory.list({ order, local: true, limit: DIRECTORY_PAGE }), [order]);
  useEffect(() => {
    if (!first.value) return;
    first.value.forEach(keepAccount);
    setPeople(first.value);
    setEnded(first.value.length < DIRECTORY_PAGE);
  }, [first.value]);
  const more = async (): Promise<void> => {
    const next = await api.v1.directory.list({ order, local: true, limit: DIRECTORY_PAGE, offset: people.length });
    setPeople([...people, ...next]);
    setEnded(next.length < DIRECTORY_PAGE);
  };
  return (
    <Page
      title={m.nav.explore}
      below={
        <>
          <div class="page-search">
            <SearchBox />
          </div>
          <ExploreTabs current="people" />
        </>
      }
    >
      <div class="segments" role="group" aria-label={m.explore.order}>
        <button type="button" aria-pressed={order === "active"} onClick={() => setOrder("active")}>
          {m.explore.active}
        </button>
        <button type="button" aria-pressed={order === "new"} onClick={() => setOrder("new")}>
          {m.explore.newest}
        </button>
      </div>
      <Load from={first}>
        {() =>
          people.length === 0 ? (
            <Empty icon="people" title={m.explore.noPeople} />
          ) : (
            <div class="sheet">
              {people.map((account) => (
                <Person key={account.id} account={account} note />
              ))}
            </div>
          )
        }
      </Load>
      {!ended && people.length > 0 && (
        <p class="row row-center">
          <button type="button" class="button button-soft" onClick={() => void more()}>
            {m.common.more}
          </button>
        </p>
      )}
    </Page>
  );
}

type SearchKind = "all" | "accounts" | "statuses" | "hashtags";

export function Search() {
  const query = place.value.query.get("q")?.trim() ?? "";
  const kind = (place.value.query.get("type") ?? "all") as SearchKind;
  const found = useLoad(async () => {
    if (!query) return { accounts: [], statuses: [], hashtags: [] };
    const asked = performance.now();
    const result = await api.v2.search.list({
      q: query,
      limit: kind === "all" ? 8 : 40,
      ...(kind !== "all" && { type: kind }),
      ...(me.value && { resolve: true }),
    });
    result.accounts.forEach(keepAccount);
    return { ...result, statuses: keepAnswer(result.statuses, asked) };
  }, [query, kind]);
  const kinds: SearchKind[] = ["all", "accounts", "statuses", "hashtags"];
  const tabs = kinds.map((each) => ({
    href: `/search?q=${encodeURIComponent(query)}${each === "all" ? "" : `&type=${each}`}`,
    label: m.search.kinds[each],
    current: each === kind,
  }));
  return (
    <Page
      title={m.nav.search}
      back="/explore"
      below={
        <>
          <div class="page-search">
            <SearchBox initial={query} />
          </div>
          {query && <Tabs label={m.search.kindsLabel} tabs={tabs} />}
        </>
      }
    >
      {!query ? (
        <Empty icon="search" title={m.search.startTitle}>
          {m.search.startText}
        </Empty>
      ) : (
        <Load from={found}>
          {({ accounts, statuses, hashtags }) => (
            <>
              {accounts.length + statuses.length + hashtags.length === 0 && (
                <Empty icon="search" title={m.search.nothing(query)}>
                  {m.search.nothingText}
                </Empty>
              )}
              {accounts.length > 0 && (
                <section class="found">
                  <h2>{m.search.kinds.accounts}</h2>
                  <div class="sheet">
                    {accounts.map((account) => (
                      <Person key={account.id} account={account} note />
                    ))}
                  </div>
                </section>
              )}
              {hashtags.length > 0 && (
                <section class="found">
                  <h2>{m.search.kinds.hashtags}</h2>
                  <div class="sheet">
                    {hashtags.map((tag) => (
                      <TagRow key={tag.name} tag={tag} />
                    ))}
                  </div>
                </section>
              )}
              {statuses.length > 0 && (
                <section class="found">
                  <h2>{m.search.kinds.statuses}</h2>
                  <div class="feed">
                    {statuses.map((id) => (
                      <Post key={id} id={id} />
                    ))}
                  </div>
                </section>
              )}
            </>
          )}
        </Load>
      )}
    </Page>
  );
}
