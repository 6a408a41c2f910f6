// The frame of every page: its heading, its title in the tab, and where the focus goes when one arrives.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { m } from "../i18n";
import { cameBack, goBack } from "../router";
import { site } from "../state/session";
import { unreadNotifications } from "../state/unread";
import { IconButton } from "./basics";

interface PageProps {
  title: string;
  children: ComponentChildren;
  /** Shows a way back; the fallback is where it leads when there is no history. */
  back?: string;
  actions?: ComponentChildren;
  /** Under the heading and sticky with it: tabs. */
  below?: ComponentChildren;
  wide?: boolean;
}

let firstPage = true;

export function Page({ title, children, back, actions, below, wide = false }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const unread = unreadNotifications.value;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${title} · ${site.value.title}`;
  }, [title, unread, site.value.title]);
  useLayoutEffect(() => {
    if (!cameBack) scrollTo(0, 0);
    // The first page was announced by the browser itself.
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return (
    <div class={`page${wide ? " page-wide" : ""}`}>
      <header class="page-head">
        <div class="page-bar">
          {back && <IconButton icon="back" label={m.common.back} onClick={() => goBack(back)} />}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <div class="page-actions">{actions}</div>
        </div>
        {below}
      </header>
      {children}
    </div>
  );
}

export interface Tab {
  href: string;
  label: string;
  current: boolean;
  count?: number;
}

/** Tabs that are links: each has an address of its own. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.current ? "page" : undefined}>
          {tab.label}
          {tab.count ? <span class="badge">{tab.count}</span> : null}
        </a>
      ))}
    </nav>
  );
}
