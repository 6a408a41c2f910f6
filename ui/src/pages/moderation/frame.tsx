// The frame of the moderators' pages.
import type { ComponentChildren } from "preact";
import { m } from "../../i18n";
import { place } from "../../router";
import { mayAdminister } from "../../state/session";
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
];

export function ModerationPage({ title, children, back }: { title: string; children: ComponentChildren; back?: string }) {
  return (
    <Page title={title} wide {...(back && { back })}>
      <div class="settings">
        <nav class="settings-nav settings-nav-always" aria-label={m.nav.moderation}>
          {sections().map(({ href, label, icon }) => <a key={href} href={href} aria-current={place.value.path === href ? "page" : undefined}><Icon name={icon} />{label}</a>)}
        </nav>
        <div class="settings-body">{children}</div>
      </div>
    </Page>
  );
}
