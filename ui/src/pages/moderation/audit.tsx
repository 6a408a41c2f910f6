// Who did what, newest first.
import { useMemo } from "preact/hooks";
import { freehold } from "../../api/freehold";
import type { AuditEntry, Role } from "../../api/types";
import { m } from "../../i18n";
import { feed } from "../../state/feed";
import { Time, profilePath } from "../../parts/basics";
import { FeedView } from "../../parts/feed-view";
import { Name } from "../../parts/rich";
import { ModerationPage } from "./frame";

export function Audit() {
  const target = useMemo(
    () => feed<AuditEntry[], AuditEntry>("audit", { pages: () => freehold.audit(), take: (found) => found, key: ({ id }) => id }),
    [],
  );
  const words = (action: string): string => (m.moderation.auditActions as Record<string, string>)[action] ?? action.replaceAll("_", " ");
  const row = (entry: AuditEntry) => (
    <article key={entry.id} class="audit-row">
      <p>
        {entry.actor ? (
          <a href={profilePath(entry.actor)}>
            <Name account={entry.actor} />
          </a>
        ) : (
          <em>{m.moderation.console}</em>
        )}{" "}
        <span>{words(entry.action)}</span> <strong>{entry.targetLabel}</strong>
      </p>
      {entry.text && <blockquote>{entry.action === "role" ? (m.roles[entry.text as Role] ?? entry.text) : entry.text}</blockquote>}
      <small>
        <Time iso={entry.createdAt} />
      </small>
    </article>
  );
  return (
    <ModerationPage title={m.moderation.audit}>
      <FeedView
        feed={target}
        draw={row}
        label={m.moderation.audit}
        class="feed-rows"
        empty={{ icon: "scroll", title: m.moderation.noAudit }}
      />
    </ModerationPage>
  );
}
