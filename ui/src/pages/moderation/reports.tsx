// The queue of reports, and one report with what it is about and what can be done.
import { useState } from "preact/hooks";
import { api } from "../../api/client";
import type { AdminReport } from "../../api/types";
import { fullDate, m } from "../../i18n";
import { keepAccount, keepAnswer } from "../../state/entities";
import { deleteStatus } from "../../state/actions";
import { complain } from "../../state/notices";
import { me } from "../../state/session";
import { Avatar, Button, Empty, Time } from "../../parts/basics";
import { ask } from "../../parts/dialog";
import { Load, useLoad } from "../../parts/load";
import { Person } from "../../parts/people";
import { PostBody } from "../../parts/post";
import { nameOf } from "../../parts/rich";
import { ModerationPage } from "./frame";
import { openAction } from "./action";

export function Reports() {
  const [resolved, setResolved] = useState(false);
  const reports = useLoad<AdminReport[]>(
    async () => (await api.v1.admin.reports.list({ resolved })) as unknown as AdminReport[],
    [resolved],
  );
  return (
    <ModerationPage title={m.moderation.reports}>
      <div class="segments" role="group" aria-label={m.moderation.reports}>
        <button type="button" aria-pressed={!resolved} onClick={() => setResolved(false)}>
          {m.moderation.open}
        </button>
        <button type="button" aria-pressed={resolved} onClick={() => setResolved(true)}>
          {m.moderation.resolved}
        </button>
      </div>
      <Load from={reports}>
        {(found) =>
          found.length === 0 ? (
            <Empty icon="shield" title={m.moderation.noReports}>
              {m.moderation.noReportsText}
            </Empty>
          ) : (
            <ul class="sheet rows">
              {found.map((report) => (
                <li key={report.id}>
                  <a class="report-row" href={`/moderation/reports/${report.id}`}>
                    <Avatar account={report.targetAccount.account} />
                    <span class="row-words">
                      <strong>
                        {nameOf(report.targetAccount.account)} <span class="chip">{m.report.category[report.category]}</span>
                      </strong>
                      <span class="report-comment">{report.comment || m.moderation.noComment}</span>
                      <small>
                        {m.moderation.by(nameOf(report.account.account))} · <Time iso={report.createdAt} />
                        {report.statuses.length > 0 && ` · ${m.moderation.postsReported(report.statuses.length)}`}
                        {report.assignedAccount && ` · ${m.moderation.assigned(nameOf(report.assignedAccount.account))}`}
                      </small>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Load>
    </ModerationPage>
  );
}

export function Report({ id }: { id: string }) {
  const loaded = useLoad<AdminReport>(async () => {
    const asked = performance.now();
    const report = (await api.v1.admin.reports.$select(id).fetch()) as unknown as AdminReport;
    keepAccount(report.targetAccount.account);
    keepAnswer(report.statuses, asked);
    return report;
  }, [id]);
  return (
    <ModerationPage title={m.moderation.report} back="/moderation">
      <Load from={loaded}>{(report) => <Details report={report} changed={loaded.reload} />}</Load>
    </ModerationPage>
  );
}

function Details({ report, changed }: { report: AdminReport; changed: () => void }) {
  const run = (act: () => PromiseLike<unknown>) => async (): Promise<void> => {
    try {
      await act();
      changed();
    } catch (error) {
      complain(error);
    }
  };
  const chosen = () => api.v1.admin.reports.$select(report.id);
  const target = report.targetAccount.account;
  const mine = report.assignedAccount?.id === me.value?.id;
  const removePost = (statusId: string): void =>
    ask({
      title: m.post.deleteTitle,
      text: m.moderation.deletePostText,
      yes: m.common.delete,
      danger: true,
      run: async () => {
        if (await deleteStatus(statusId)) changed();
      },
    });
  return (
    <>
      <section class="sheet form">
        <h2>{m.moderation.about}</h2>
        <Person account={target}>
          <a class="button button-soft button-small" href={`/moderation/accounts/${report.targetAccount.id}`}>
            {m.moderation.openAccount}
          </a>
        </Person>
        <dl class="facts">
          <div>
            <dt>{m.moderation.reason}</dt>
            <dd>{m.report.category[report.category]}</dd>
          </div>
          {report.rules.length > 0 && (
            <div>
              <dt>{m.about.rules}</dt>
              <dd>{report.rules.map((rule) => rule.text).join(" · ")}</dd>
            </div>
          )}
          <div>
            <dt>{m.moderation.comment}</dt>
            <dd>{report.comment || m.moderation.noComment}</dd>
          </div>
          <div>
            <dt>{m.moderation.reporter}</dt>
            <dd>
              {nameOf(report.account.account)} (@{report.account.account.acct})
            </dd>
          </div>
          <div>
            <dt>{m.moderation.when}</dt>
            <dd>{fullDate(report.createdAt)}</dd>
          </div>
          {report.assignedAccount && (
            <div>
              <dt>{m.moderation.handledBy}</dt>
              <dd>{nameOf(report.assignedAccount.account)}</dd>
            </div>
          )}
        </dl>
        <div class="row">
          {report.actionTaken ? (
            <Button icon="refresh" onClick={run(() => chosen().reopen())}>
              {m.moderation.reopen}
            </Button>
          ) : (
            <>
              <Button icon={mine ? "close" : "check"} onClick={run(() => (mine ? chosen().unassign() : chosen().assignToSelf()))}>
                {mine ? m.moderation.unassign : m.moderation.assign}
              </Button>
              <Button onClick={run(() => chosen().resolve())}>{m.moderation.resolve}</Button>
              <Button kind="danger" icon="gavel" onClick={() => openAction(report.targetAccount, changed, report.id)}>
                {m.moderation.act}
              </Button>
            </>
          )}
        </div>
      </section>
      {report.statuses.length > 0 && <h2 class="sheet-title">{m.moderation.postsReported(report.statuses.length)}</h2>}
      {report.statuses.map((status) => (
        <section key={status.id} class="sheet form">
          <PostBody status={status} />
          <div class="row row-between">
            <small>{fullDate(status.createdAt)}</small>
            <Button small kind="danger" icon="trash" onClick={() => removePost(status.id)}>
              {m.common.delete}
            </Button>
          </div>
        </section>
      ))}
    </>
  );
}
