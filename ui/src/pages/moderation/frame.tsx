// The frame of the moderators' pages.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { m } from "../../i18n";
import { place } from "../../router";
import { mayAdminister, mayOwn } from "../../state/session";
import { Icon, type IconName } from "../../parts/icon";
import { Page } from "../../parts/page";

const sections = (): { href: string; label: string; icon: IconName }[] => [
  { href: "/moderation", label: m.moderation.reports, icon: "flag" },
  { href: "/moderation/pending", label: m.moderation.pending, icon: "inbox" },
  { href: "/moderation/accounts", label: m.moderation.accounts, icon: "people" },
  { href: "/moderation/mail-domains", label: m.moderation.mailDomains, icon: "mailBlock" },
  { href: "/moderation/addresses", label: m.moderation.addresses, icon: "network" },
  { href: "/moderation/audit", label: m.moderation.audit, icon: "scroll" },
  ...(mayAdminister.value ? [{ href: "/moderation/site", label: m.moderation.site, icon: "tools" as const }] : []),
  ...(mayOwn.value ? [{ href: "/moderation/independence", label: m.independence.title, icon: "anchor" as const }] : []),
];

export function ModerationPage({ title, children, back }: { title: string; children: ComponentChildren; back?: string }) {
  const nav = useRef<HTMLElement>(null);
  // On a phone the sections are one scrolling line: the current one is brought into it.
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - 16;
  }, [place.value.path]);
  return (
    <Page title={title} wide {...(back && { back })}>
      <div class="settings">
        <nav ref={nav} class="settings-nav settings-nav-always" aria-label={m.nav.moderation}>
          {sections().map(({ href, label, icon }) => (
            <a key={href} href={href} aria-current={place.value.path === href ? "page" : back === href || undefined}>
              <Icon name={icon} />
              {label}
            </a>
          ))}
        </nav>
        <div class="settings-body">{children}</div>
      </div>
    </Page>
  );
}
