// The frame around every page: navigation at the side, tabs at the bottom of a phone, the panel, notices, live regions.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { streamState } from "../api/stream";
import { m } from "../i18n";
import { place } from "../router";
import { complain, dismiss, notices, spoken } from "../state/notices";
import { logOut, mayModerate, me, site } from "../state/session";
import { followRequests, hasUnseenHome, unreadConversations, unreadNotifications } from "../state/unread";
import { Avatar, Button, IconButton, profilePath } from "./basics";
import { openComposer, preloadComposer } from "./composer";
import { Dialogs } from "./dialog";
import { Icon, type IconName, Mark } from "./icon";
import { Menu } from "./menu";
import { SidePanel } from "./panel";
import { Name } from "./rich";

interface Destination {
  href: string;
  label: string;
  icon: IconName;
  badge?: number;
  dot?: boolean;
}

function destinations(): Destination[] {
  const local: Destination = { href: "/public/local", label: m.nav.local, icon: "people" };
  const explore: Destination = { href: "/explore", label: m.nav.explore, icon: "explore" };
  if (!me.value) return [explore, local, { href: "/about", label: m.nav.about, icon: "info" }];
  return [
    { href: "/home", label: m.nav.home, icon: "home", dot: hasUnseenHome.value },
    { href: "/notifications", label: m.nav.notifications, icon: "bell", badge: unreadNotifications.value },
    explore,
    local,
    { href: "/conversations", label: m.nav.conversations, icon: "mail", badge: unreadConversations.value },
    { href: "/bookmarks", label: m.nav.bookmarks, icon: "bookmark" },
    { href: "/lists", label: m.nav.lists, icon: "list" },
    ...(followRequests.value > 0
      ? [{ href: "/follow_requests", label: m.nav.requests, icon: "follow" as const, badge: followRequests.value }]
      : []),
    ...(mayModerate.value ? [{ href: "/moderation", label: m.nav.moderation, icon: "shield" as const }] : []),
    { href: "/settings", label: m.nav.settings, icon: "settings" },
  ];
}

const isHere = (href: string): boolean => place.value.path === href || place.value.path.startsWith(`${href}/`);

function NavLink({ href, label, icon, badge = 0, dot = false }: Destination) {
  const current = isHere(href);
  return (
    <a class="nav-link" href={href} aria-current={current ? "page" : undefined} title={label}>
      <span class="nav-icon">
        <Icon name={icon} />
        {badge > 0 && (
          <span class="badge" aria-hidden="true">
            {badge > 99 ? "99+" : badge}
          </span>
        )}
        {dot && <span class="dot" aria-hidden="true" />}
      </span>
      <span class="nav-words">{label}</span>
      {badge > 0 && <span class="visually-hidden">{m.nav.waiting(badge)}</span>}
    </a>
  );
}

function Me() {
  const account = me.value;
  if (!account) {
    return (
      <div class="nav-join">
        {site.value.registrations !== "closed" && (
          <a class="button button-main" href="/signup">
            <span>{m.auth.signUp}</span>
          </a>
        )}
        <a class="button button-soft" href="/login">
          <Icon name="login" />
          <span>{m.auth.logIn}</span>
        </a>
      </div>
    );
  }
  return (
    <Menu
      label={m.nav.account}
      class="me"
      worded
      items={() => [
        { label: m.nav.profile, icon: "person", href: profilePath(account) },
        { label: m.nav.favourites, icon: "star", href: "/favourites" },
        { label: m.nav.keys, icon: "keyboard", href: "/shortcuts" },
        { label: m.nav.about, icon: "info", href: "/about" },
        { label: m.auth.logOut, icon: "logout", run: () => logOut().catch(complain) },
      ]}
    >
      <Avatar account={account} size="s" />
      <span class="me-words">
        <Name account={account} />
        <small>@{account.acct}</small>
      </span>
      <Icon name="more" />
    </Menu>
  );
}

function Side() {
  return (
    <div class="side">
      <a class="brand" href={me.value ? "/home" : "/explore"}>
        <Mark />
        <span>{site.value.title}</span>
      </a>
      <nav class="nav" aria-label={m.nav.main}>
        {destinations().map((each) => (
          <NavLink key={each.href} {...each} />
        ))}
      </nav>
      {me.value && (
        <div class="side-write" onPointerEnter={preloadComposer}>
          <Button kind="main" icon="write" onClick={() => openComposer()}>
            {m.compose.newTitle}
          </Button>
        </div>
      )}
      <div class="side-me">
        <Me />
      </div>
    </div>
  );
}

function PhoneBar() {
  const account = me.value;
  return (
    <header class="phone-bar">
      <a class="brand" href={account ? "/home" : "/explore"}>
        <Mark />
        <span>{site.value.title}</span>
      </a>
      {account ? (
        <>
          <a class="icon-button" href="/search" aria-label={m.nav.search}>
            <Icon name="search" />
          </a>
          <PhoneMenu />
        </>
      ) : (
        <>
          <a class="button button-small button-soft" href="/login">
            {m.auth.logIn}
          </a>
          {site.value.registrations !== "closed" && (
            <a class="button button-small button-main" href="/signup">
              {m.auth.signUp}
            </a>
          )}
        </>
      )}
    </header>
  );
}

function PhoneMenu() {
  const account = me.value;
  if (!account) return null;
  return (
    <Menu
      label={m.nav.account}
      class="phone-me"
      items={() => [
        { label: m.nav.profile, icon: "person", href: profilePath(account) },
        {
          label: m.nav.conversations,
          icon: "mail",
          href: "/conversations",
          ...(unreadConversations.value && { hint: m.nav.waiting(unreadConversations.value) }),
        },
        { label: m.nav.local, icon: "people", href: "/public/local" },
        { label: m.nav.bookmarks, icon: "bookmark", href: "/bookmarks" },
        { label: m.nav.favourites, icon: "star", href: "/favourites" },
        { label: m.nav.lists, icon: "list", href: "/lists" },
        followRequests.value > 0 && { label: m.nav.requests, icon: "follow", href: "/follow_requests" },
        mayModerate.value && { label: m.nav.moderation, icon: "shield", href: "/moderation" },
        { label: m.nav.settings, icon: "settings", href: "/settings" },
        { label: m.auth.logOut, icon: "logout", run: () => logOut().catch(complain) },
      ]}
    >
      <Avatar account={account} size="s" />
      {unreadConversations.value > 0 && <span class="dot" />}
    </Menu>
  );
}

function BottomTabs() {
  const account = me.value;
  const tabs = account
    ? [
        destinations()[0],
        { href: "/explore", label: m.nav.explore, icon: "explore" as const },
        null,
        { href: "/notifications", label: m.nav.notifications, icon: "bell" as const, badge: unreadNotifications.value },
        { href: profilePath(account), label: m.nav.profile, icon: "person" as const },
      ]
    : destinations();
  return (
    <nav class="bottom" aria-label={m.nav.main}>
      {tabs.map((tab, index) =>
        tab ? (
          <NavLink key={tab.href} {...tab} />
        ) : (
          <button key={index} type="button" class="bottom-write" aria-label={m.compose.newTitle} onClick={() => openComposer()}>
            <Icon name="write" />
          </button>
        ),
      )}
    </nav>
  );
}

/** Offline at once; a lost live connection only when it stays lost for a moment. */
function Connection() {
  const [online, setOnline] = useState(navigator.onLine);
  const [patience, setPatience] = useState(true);
  const waiting = streamState.value === "waiting" || streamState.value === "connecting";
  useEffect(() => {
    const look = (): void => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  useEffect(() => {
    setPatience(true);
    if (!waiting) return;
    const timer = setTimeout(() => setPatience(false), 6000);
    return () => clearTimeout(timer);
  }, [waiting]);
  if (!online)
    return (
      <div class="connection" role="status">
        <Icon name="offline" />
        {m.states.offline}
      </div>
    );
  if (waiting && !patience)
    return (
      <div class="connection" role="status">
        <span class="spinner" />
        {m.states.reconnecting}
      </div>
    );
  return null;
}

function Notices() {
  return (
    <div class="notices">
      {notices.value.map((notice) => (
        <div key={notice.id} class={`notice notice-${notice.kind}`} role={notice.kind === "trouble" ? "alert" : "status"}>
          <Icon name={notice.kind === "trouble" ? "alert" : "check"} />
          <span>{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              class="link"
              onClick={() => {
                notice.action?.run();
                dismiss(notice.id);
              }}
            >
              {notice.action.label}
            </button>
          )}
          <IconButton icon="close" label={m.common.close} onClick={() => dismiss(notice.id)} />
        </div>
      ))}
    </div>
  );
}

export function Layout({ children, bare }: { children: ComponentChildren; bare: boolean }) {
  const skip = (event: Event): void => {
    event.preventDefault();
    document.querySelector<HTMLElement>("main h1, main")?.focus();
  };
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        {m.nav.skip}
      </a>
      <div class={bare ? "frame frame-bare" : "frame"}>
        {!bare && (
          <header class="frame-side">
            <Side />
          </header>
        )}
        {!bare && <PhoneBar />}
        <main id="main" tabIndex={-1}>
          <Connection />
          {children}
        </main>
        {!bare && <SidePanel />}
      </div>
      {!bare && <BottomTabs />}
      <Notices />
      <Dialogs />
      <div class="visually-hidden" aria-live="polite">
        {spoken.value}
      </div>
    </>
  );
}
