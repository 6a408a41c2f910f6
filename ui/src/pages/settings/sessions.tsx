// Where one is logged in, and which apps may act in one's name; invitations one has given.
import { useState } from "preact/hooks";
import { freehold } from "../../api/freehold";
import type { Invite, SessionRow } from "../../api/types";
import { fullDate, m, timeLeft } from "../../i18n";
import { complain, say } from "../../state/notices";
import { Button, Empty, Field, IconButton, Time } from "../../parts/basics";
import { ask } from "../../parts/dialog";
import { FormTrouble, useSubmit } from "../../parts/form";
import { Icon } from "../../parts/icon";
import { Load, useLoad } from "../../parts/load";
import { SettingsPage } from "./frame";

/** "Firefox on Linux" out of a user agent, roughly; people only need to recognise their own devices. */
export function deviceOf(agent: string | null): string {
  if (!agent) return m.settings.unknownDevice;
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent)?.[1]?.replace("Edg", "Edge").replace("OPR", "Opera");
  const system = /(Android|iPhone|iPad|Windows|Mac OS X|Linux)/.exec(agent)?.[1]?.replace("Mac OS X", "macOS");
  if (browser && system) return m.settings.device(browser, system);
  return browser ?? system ?? agent.slice(0, 40);
}

export function SessionSettings() {
  const sessions = useLoad<SessionRow[]>(() => freehold.sessions(), []);
  const end = async (row: SessionRow): Promise<void> => {
    try {
      await freehold.endSession(row.id);
      sessions.reload();
    } catch (error) {
      complain(error);
    }
  };
  const draw = (row: SessionRow) => (
    <li key={row.id} class="row-item">
      <span class="index-icon">
        <Icon name={row.kind === "app" ? "key" : "devices"} />
      </span>
      <span class="row-words">
        <strong>
          {row.app?.name ?? deviceOf(row.agent)}
          {row.current && <span class="chip chip-role">{m.settings.thisOne}</span>}
        </strong>
        <small>
          {row.address}
          {row.lastUsedAt && (
            <>
              {" "}
              · {m.settings.lastUsed} <Time iso={row.lastUsedAt} />
            </>
          )}
        </small>
        {row.kind === "app" && <small>{row.scopes.join(", ")}</small>}
      </span>
      {!row.current && (
        <Button
          small
          onClick={() =>
            ask({ title: m.settings.endTitle, text: m.settings.endText, yes: m.settings.end, danger: true, run: () => end(row) })
          }
        >
          {m.settings.end}
        </Button>
      )}
    </li>
  );
  return (
    <SettingsPage title={m.settings.sessions}>
      <Load from={sessions}>
        {(rows) => {
          const apps = rows.filter(({ kind }) => kind === "app");
          return (
            <>
              <ul class="sheet rows">{rows.filter(({ kind }) => kind === "session").map(draw)}</ul>
              <h2 class="sheet-title">{m.settings.apps}</h2>
              {apps.length ? <ul class="sheet rows">{apps.map(draw)}</ul> : <p class="hint sheet-hint">{m.settings.noApps}</p>}
            </>
          );
        }}
      </Load>
    </SettingsPage>
  );
}

const USES = [1, 5, 10, 25, 100];
const LIFETIMES = [3600, 86_400, 604_800, 2_592_000] as const;

export function InviteSettings() {
  const invites = useLoad<Invite[]>(() => freehold.invites(), []);
  const [uses, setUses] = useState("");
  const [life, setLife] = useState("604800");
  const form = useSubmit(async () => {
    await freehold.createInvite(uses ? Number(uses) : null, life ? Number(life) : null);
    invites.reload();
  });
  const copy = async (invite: Invite): Promise<void> => {
    await navigator.clipboard.writeText(invite.url);
    say(m.settings.inviteCopied);
  };
  const revoke = async (id: string): Promise<void> => {
    try {
      await freehold.revokeInvite(id);
      invites.reload();
    } catch (error) {
      complain(error);
    }
  };
  const state = (invite: Invite): string => {
    const used = invite.maxUses ? m.settings.usedOf(invite.uses, invite.maxUses) : m.settings.used(invite.uses);
    if (!invite.expiresAt) return used;
    return new Date(invite.expiresAt).getTime() > Date.now()
      ? `${used} · ${m.settings.expires(timeLeft(invite.expiresAt))}`
      : `${used} · ${m.settings.expired(fullDate(invite.expiresAt))}`;
  };
  return (
    <SettingsPage title={m.settings.invites}>
      <form class="sheet form" onSubmit={form.submit}>
        <p>{m.settings.invitesIntro}</p>
        <FormTrouble text={form.trouble} />
        <div class="field-pair">
          <Field label={m.settings.maxUses}>
            {(ids) => (
              <select {...ids} value={uses} onChange={(event) => setUses(event.currentTarget.value)}>
                <option value="">{m.settings.noLimit}</option>
                {USES.map((each) => (
                  <option key={each} value={each}>
                    {each}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={m.settings.validFor}>
            {(ids) => (
              <select {...ids} value={life} onChange={(event) => setLife(event.currentTarget.value)}>
                <option value="">{m.settings.noLimit}</option>
                {LIFETIMES.map((each) => (
                  <option key={each} value={each}>
                    {m.duration(each)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <div class="row row-end">
          <Button kind="main" type="submit" icon="ticket" busy={form.busy}>
            {m.settings.createInvite}
          </Button>
        </div>
      </form>
      <Load from={invites}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon="ticket" title={m.settings.noInvites} />
          ) : (
            <ul class="sheet rows">
              {rows.map((invite) => (
                <li key={invite.id} class="row-item">
                  <span class="row-words">
                    <code class="invite-url">{invite.url}</code>
                    <small>{state(invite)}</small>
                  </span>
                  <IconButton icon="copy" label={m.settings.copyInvite} onClick={() => copy(invite)} />
                  <IconButton icon="trash" label={m.settings.revokeInvite} onClick={() => revoke(invite.id)} />
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </SettingsPage>
  );
}
