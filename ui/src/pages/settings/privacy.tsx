// Who may follow, who may find, how posts start out; and the people blocked or muted.
import { useMemo, useState } from "preact/hooks";
import { api } from "../../api/client";
import type { Account, CredentialAccount, Visibility } from "../../api/types";
import { m } from "../../i18n";
import { unblock, unmute } from "../../state/actions";
import { keepAccount } from "../../state/entities";
import { feed } from "../../state/feed";
import { say } from "../../state/notices";
import { me, updateMe } from "../../state/session";
import { Button, Field, Switch } from "../../parts/basics";
import { FeedView } from "../../parts/feed-view";
import { FormTrouble, useSubmit } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { Person } from "../../parts/people";
import { SettingsPage } from "./frame";

const VISIBILITIES: Visibility[] = ["public", "unlisted", "private"];

function Form({ account }: { account: CredentialAccount }) {
  const [locked, setLocked] = useState(account.locked);
  const [discoverable, setDiscoverable] = useState(account.discoverable ?? false);
  const [indexable, setIndexable] = useState(account.source.indexable ?? false);
  const [hideCollections, setHideCollections] = useState(account.source.hideCollections ?? false);
  const [privacy, setPrivacy] = useState<Visibility>(account.source.privacy ?? "public");
  const [sensitive, setSensitive] = useState(account.source.sensitive ?? false);
  const form = useSubmit(async () => {
    updateMe(
      await api.v1.accounts.updateCredentials({
        locked,
        discoverable,
        indexable,
        hideCollections,
        source: { privacy, sensitive },
      } as never),
    );
    say(m.common.saved);
  });
  return (
    <form class="sheet form" onSubmit={form.submit}>
      <FormTrouble text={form.trouble} />
      <Switch label={m.settings.locked} hint={m.settings.lockedHint} checked={locked} onChange={setLocked} />
      <Switch label={m.settings.discoverable} hint={m.settings.discoverableHint} checked={discoverable} onChange={setDiscoverable} />
      <Switch label={m.settings.indexable} hint={m.settings.indexableHint} checked={indexable} onChange={setIndexable} />
      <Switch
        label={m.settings.hideCollections}
        hint={m.settings.hideCollectionsHint}
        checked={hideCollections}
        onChange={setHideCollections}
      />
      <Field label={m.settings.postingVisibility}>
        {(ids) => (
          <select {...ids} value={privacy} onChange={(event) => setPrivacy(event.currentTarget.value as Visibility)}>
            {VISIBILITIES.map((each) => (
              <option key={each} value={each}>
                {m.visibility[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Switch label={m.settings.sensitive} hint={m.settings.sensitiveHint} checked={sensitive} onChange={setSensitive} />
      <div class="row row-end">
        <Button kind="main" type="submit" busy={form.busy}>
          {m.common.save}
        </Button>
      </div>
    </form>
  );
}

export function PrivacySettings() {
  return (
    <SettingsPage title={m.settings.privacy}>
      {me.value && <Form account={me.value} />}
      <ul class="sheet index">
        <li>
          <a class="index-link" href="/settings/blocks">
            <span class="index-icon">
              <Icon name="block" />
            </span>
            <span>
              <strong>{m.settings.blocks}</strong>
            </span>
            <Icon name="right" />
          </a>
        </li>
        <li>
          <a class="index-link" href="/settings/mutes">
            <span class="index-icon">
              <Icon name="mute" />
            </span>
            <span>
              <strong>{m.settings.mutes}</strong>
            </span>
            <Icon name="right" />
          </a>
        </li>
      </ul>
    </SettingsPage>
  );
}

function Hidden({ kind }: { kind: "blocks" | "mutes" }) {
  const target = useMemo(
    () =>
      feed<Account[], Account>(kind, {
        pages: () => api.v1[kind].list({ limit: 40 }).values(),
        take: (found) => (found.forEach(keepAccount), found),
        key: ({ id }) => id,
      }),
    [kind],
  );
  const undo = async (account: Account): Promise<void> => {
    if (await (kind === "blocks" ? unblock(account.id) : unmute(account.id))) target.remove(account.id);
  };
  const title = kind === "blocks" ? m.settings.blocks : m.settings.mutes;
  return (
    <SettingsPage title={title}>
      <FeedView
        feed={target}
        label={title}
        class="feed-rows"
        empty={{ icon: kind === "blocks" ? "block" : "mute", title: kind === "blocks" ? m.settings.noBlocks : m.settings.noMutes }}
        draw={(account) => (
          <Person key={account.id} account={account}>
            <Button small onClick={() => undo(account)}>
              {kind === "blocks" ? m.profile.unblock : m.profile.unmute}
            </Button>
          </Person>
        )}
      />
    </SettingsPage>
  );
}

export const Blocks = () => <Hidden kind="blocks" />;
export const Mutes = () => <Hidden kind="mutes" />;
