// Home, and the two public timelines.
import { useEffect, useMemo } from "preact/hooks";
import { m } from "../i18n";
import { homeFeed, live, publicFeed } from "../state/feeds";
import { me, site } from "../state/session";
import { hasUnseenHome } from "../state/unread";
import { Avatar } from "../parts/basics";
import { openComposer, preloadComposer } from "../parts/composer";
import { StatusFeed } from "../parts/feed-view";
import { Icon } from "../parts/icon";
import { Page, Tabs } from "../parts/page";

/** Looks like a field, opens the composer. */
function Prompt() {
  const account = me.value;
  if (!account) return null;
  return (
    <button type="button" class="prompt" onClick={() => openComposer()} onPointerEnter={preloadComposer}>
      <Avatar account={account} />
      <span>{m.compose.placeholder}</span>
      <Icon name="write" />
    </button>
  );
}

export function Home() {
  const home = useMemo(homeFeed, []);
  useEffect(() => {
    hasUnseenHome.value = false;
    if (scrollY < 50) home.reveal();
  }, []);
  const empty = {
    icon: "home" as const,
    title: m.home.emptyTitle,
    text: (
      <>
        <p>{m.home.emptyText}</p>
        <p class="row">
          <a class="button button-main" href="/explore">
            {m.home.findPeople}
          </a>
          <a class="button button-soft" href="/public/local">
            {m.nav.local}
          </a>
        </p>
      </>
    ),
  };
  return (
    <Page title={m.nav.home}>
      <Prompt />
      <StatusFeed feed={home} context="home" label={m.nav.home} empty={empty} />
    </Page>
  );
}

function PublicTimeline({ local }: { local: boolean }) {
  const target = useMemo(() => publicFeed(local), [local]);
  const loggedIn = me.value !== null;
  useEffect(() => (loggedIn ? live(target, local ? "public:local" : "public") : undefined), [target, loggedIn]);
  const tabs = [
    { href: "/public/local", label: m.nav.local, current: local },
    { href: "/public", label: m.nav.public, current: !local },
  ];
  return (
    <Page title={local ? m.nav.local : m.nav.public} below={<Tabs label={m.nav.timelines} tabs={tabs} />}>
      <p class="page-intro">{local ? m.public.localIntro(site.value.title) : m.public.publicIntro}</p>
      <StatusFeed
        feed={target}
        context="public"
        label={local ? m.nav.local : m.nav.public}
        empty={{ icon: "people", title: m.public.emptyTitle, text: m.public.emptyText }}
      />
    </Page>
  );
}

export const Local = () => <PublicTimeline local />;
export const Public = () => <PublicTimeline local={false} />;
