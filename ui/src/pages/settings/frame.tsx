// The frame of the settings: the list of what can be set, and one part of it.
import type { ComponentChildren } from "preact";
import { m } from "../../i18n";
import { place } from "../../router";
import { Icon, type IconName } from "../../parts/icon";
import { Page } from "../../parts/page";

const sections = (): { href: string; label: string; text: string; icon: IconName }[] => [
  { href: "/settings/profile", label: m.settings.profile, text: m.settings.profileText, icon: "person" },
  { href: "/settings/appearance", label: m.settings.appearance, text: m.settings.appearanceText, icon: "palette" },
  { href: "/settings/privacy", label: m.settings.privacy, text: m.settings.privacyText, icon: "lock" },
  { href: "/settings/filters", label: m.settings.filters, text: m.settings.filtersText, icon: "filter" },
  { href: "/settings/account", label: m.settings.account, text: m.settings.accountText, icon: "key" },
  { href: "/settings/sessions", label: m.settings.sessions, text: m.settings.sessionsText, icon: "devices" },
  { href: "/settings/invites", label: m.settings.invites, text: m.settings.invitesText, icon: "ticket" },
  { href: "/settings/transfers", label: m.transfers.title, text: m.transfers.titleText, icon: "inbox" },
];

export function SettingsIndex() {
  return (
    <Page title={m.nav.settings}>
      <ul class="sheet index">
        {sections().map(({ href, label, text, icon }) => (
          <li key={href}>
            <a class="index-link" href={href}>
              <span class="index-icon">
                <Icon name={icon} />
              </span>
              <span>
                <strong>{label}</strong>
                <small>{text}</small>
              </span>
              <Icon name="right" />
            </a>
          </li>
        ))}
      </ul>
    </Page>
  );
}

export function SettingsPage({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <Page title={title} back="/settings" wide>
      <div class="settings">
        <nav class="settings-nav" aria-label={m.nav.settings}>
          {sections().map(({ href, label, icon }) => (
            <a
              key={href}
              href={href}
              aria-current={place.value.path === href ? "page" : place.value.path.startsWith(`${href}/`) || undefined}
            >
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
