// Everybody who has an account, who waits for one, and one of them in full.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import { freehold } from "../../api/freehold";
import type { AdminAccount } from "../../api/types";
import { fullDate, m } from "../../i18n";
import { complain, say } from "../../state/notices";
import { me, site } from "../../state/session";
import { Avatar, Button, Empty, RoleChip, Time, profilePath, roleOf } from "../../parts/basics";
import { Load, useLoad } from "../../parts/load";
import { nameOf } from "../../parts/rich";
import { openAction } from "./action";
import { ModerationPage } from "./frame";
import { openRole, rolesFor } from "./role";

type Filter = "active" | "unconfirmed" | "silenced" | "suspended" | "disabled" | "staff";
const FILTERS: Filter[] = ["active", "unconfirmed", "silenced", "suspended", "disabled", "staff"];

function State({ account }: { account: AdminAccount }) {
  return (
    <>
      <RoleChip role={account.role} />
      {!account.confirmed && <span class="chip">{m.moderation.unconfirmed}</span>}
      {!account.approved && <span class="chip">{m.moderation.waiting}</span>}
      {account.suspended && <span class="chip chip-danger">{m.moderation.suspended}</span>}
      {account.silenced && <span class="chip chip-danger">{m.moderation.silenced}</span>}
      {account.disabled && <span class="chip chip-danger">{m.moderation.disabled}</span>}
    </>
  );
}

function Row({ account }: { account: AdminAccount }) {
  return (
    <li>
      <a class="report-row" href={`/moderation/accounts/${account.id}`}>
        <Avatar account={account.account} />
        <span class="row-words">
          <strong>
            {nameOf(account.account)} <State account={account} />
          </strong>
          <small>
            @{account.username} · {account.email}
          </small>
          <small>
            {m.moderation.joined} <Time iso={account.createdAt} />
            {account.ip && ` · ${account.ip}`}
          </small>
        </span>
      </a>
    </li>
  );
}

export function Accounts() {
  const [filter, setFilter] = useState<Filter>("active");
  const [query, setQuery] = useState("");
  const accounts = useLoad<AdminAccount[]>(() => {
    const wanted = query.trim();
    const by = !wanted
      ? {}
      : wanted.includes("@") && !wanted.startsWith("@")
        ? { email: wanted }
        : /^[\d.:a-f]+$/i.test(wanted) && /[.:]/.test(wanted)
          ? { ip: wanted }
          : { username: wanted.replace(/^@/, "") };
    return api.v1.admin.accounts.list({ local: true, [filter]: true, limit: 50, ...by });
  }, [filter, query]);
  return (
    <ModerationPage title={m.moderation.accounts}>
      <div class="search-box">
        <input
          type="search"
          value={query}
          placeholder={m.moderation.findAccount}
          aria-label={m.moderation.findAccount}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      <div class="segments" role="group" aria-label={m.moderation.accounts}>
        {FILTERS.map((each) => (
          <button key={each} type="button" aria-pressed={filter === each} onClick={() => setFilter(each)}>
            {m.moderation.filters[each]}
          </button>
        ))}
      </div>
      <Load from={accounts}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="people" title={m.moderation.noAccounts} />
          ) : (
            <ul class="sheet rows">
              {found.map((account) => (
                <Row key={account.id} account={account} />
              ))}
            </ul>
          )
        }
      </Load>
    </ModerationPage>
  );
}

export function Pending() {
  const accounts = useLoad<AdminAccount[]>(() => api.v1.admin.accounts.list({ pending: true, limit: 50 }), []);
  const [busy, setBusy] = useState<string | null>(null);
  const answer = async (account: AdminAccount, yes: boolean): Promise<void> => {
    setBusy(account.id);
    const chosen = api.v1.admin.accounts.$select(account.id);
    try {
      await (yes ? chosen.approve() : chosen.reject());
      say(yes ? m.moderation.approved(account.username) : m.moderation.rejected(account.username));
      accounts.set((accounts.value ?? []).filter(({ id }) => id !== account.id));
    } catch (error) {
      complain(error);
    }
    setBusy(null);
  };
  return (
    <ModerationPage title={m.moderation.pending}>
      <Load from={accounts}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="inbox" title={m.moderation.nobodyWaits}>
              {m.moderation.nobodyWaitsText}
            </Empty>
          ) : (
            <ul class="cards">
              {found.map((account) => (
                <li key={account.id} class="sheet form">
                  <div class="pending-head">
                    <Avatar account={account.account} />
                    <span class="row-words">
                      <strong>
                        @{account.username} {!account.confirmed && <span class="chip">{m.moderation.unconfirmed}</span>}
                      </strong>
                      <small>
                        {account.email}
                        {account.ip && ` · ${account.ip}`} · <Time iso={account.createdAt} />
                      </small>
                    </span>
                  </div>
                  <blockquote class="pending-reason">{account.inviteRequest || m.moderation.noReason}</blockquote>
                  <div class="row row-end">
                    <Button kind="plain" disabled={busy === account.id} onClick={() => answer(account, false)}>
                      {m.requests.reject}
                    </Button>
                    <Button kind="main" icon="check" busy={busy === account.id} onClick={() => answer(account, true)}>
                      {m.moderation.approve}
                    </Button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </ModerationPage>
  );
}

export function AccountDetails({ id }: { id: string }) {
  const loaded = useLoad<AdminAccount>(() => api.v1.admin.accounts.$select(id).fetch(), [id]);
  return (
    <ModerationPage title={loaded.value ? `@${loaded.value.username}` : m.moderation.account} back="/moderation/accounts">
      <Load from={loaded}>{(account) => <Details account={account} changed={loaded.reload} />}</Load>
    </ModerationPage>
  );
}

function Details({ account, changed }: { account: AdminAccount; changed: () => void }) {
  const run = (act: () => PromiseLike<unknown>) => async (): Promise<void> => {
    try {
      await act();
      changed();
    } catch (error) {
      complain(error);
    }
  };
  const chosen = () => api.v1.admin.accounts.$select(account.id);
  const other = account.id !== me.value?.id;
  return (
    <section class="sheet form">
      <div class="pending-head">
        <Avatar account={account.account} size="l" />
        <span class="row-words">
          <strong>{nameOf(account.account)}</strong>
          <small>@{account.username}</small>
          <span class="row">
            <State account={account} />
          </span>
        </span>
        <a class="button button-soft button-small" href={profilePath(account.account)}>
          {m.nav.profile}
        </a>
      </div>
      <dl class="facts">
        <div>
          <dt>{m.auth.email}</dt>
          <dd>{account.email}</dd>
        </div>
        <div>
          <dt>{m.moderation.role}</dt>
          <dd>{m.roles[roleOf(account.role)]}</dd>
        </div>
        <div>
          <dt>{m.moderation.joined}</dt>
          <dd>{fullDate(account.createdAt)}</dd>
        </div>
        <div>
          <dt>{m.moderation.address}</dt>
          <dd>{account.ips.length ? account.ips.map(({ ip }) => ip).join(", ") : (account.ip ?? "–")}</dd>
        </div>
        <div>
          <dt>{m.moderation.posts}</dt>
          <dd>{account.account.statusesCount}</dd>
        </div>
        {account.inviteRequest && (
          <div>
            <dt>{m.auth.reason}</dt>
            <dd>{account.inviteRequest}</dd>
          </div>
        )}
      </dl>
      <div class="row">
        {other && !account.approved && (
          <Button kind="main" icon="check" onClick={run(() => chosen().approve())}>
            {m.moderation.approve}
          </Button>
        )}
        {other && !account.confirmed && (
          <Button icon="mail" onClick={run(() => freehold.confirmByHand(account.id))}>
            {site.value.confirm === "phone" ? m.moderation.confirmPhone : m.moderation.confirm}
          </Button>
        )}
        {other && account.suspended && <Button onClick={run(() => chosen().unsuspend())}>{m.moderation.unsuspend}</Button>}
        {other && account.silenced && <Button onClick={run(() => chosen().unsilence())}>{m.moderation.unsilence}</Button>}
        {other && account.disabled && <Button onClick={run(() => chosen().enable())}>{m.moderation.enable}</Button>}
        {rolesFor(account).length > 0 && (
          <Button icon="shield" onClick={() => openRole(account, changed)}>
            {m.moderation.changeRole}
          </Button>
        )}
        {other && (
          <Button kind="danger" icon="gavel" onClick={() => openAction(account, changed)}>
            {m.moderation.act}
          </Button>
        )}
      </div>
    </section>
  );
}
