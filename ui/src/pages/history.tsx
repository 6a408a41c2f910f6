// What a post said before it was edited.
import { api } from "../api/client";
import { fullDate, m } from "../i18n";
import { Gallery } from "../parts/gallery";
import { Load, useLoad } from "../parts/load";
import { Page } from "../parts/page";
import { noteText } from "../parts/rich";

export function HistoryPage({ acct, id }: { acct: string; id: string }) {
  const edits = useLoad(async () => [...(await api.v1.statuses.$select(id).history.list())].reverse(), [id]);
  return (
    <Page title={m.post.history} back={`/@${acct}/${id}`}>
      <Load from={edits}>
        {(versions) => (
          <ol class="versions">
            {versions.map((version, index) => (
              <li key={version.createdAt} class="sheet version">
                <h2>
                  {index === versions.length - 1
                    ? m.post.written(fullDate(version.createdAt))
                    : m.post.changed(fullDate(version.createdAt))}
                </h2>
                {version.spoilerText && <p class="warning-text">{version.spoilerText}</p>}
                <div class="post-text" dir="auto">
                  {noteText(version.content, version.emojis)}
                </div>
                {version.mediaAttachments.length > 0 && <Gallery media={version.mediaAttachments} sensitive={version.sensitive} />}
              </li>
            ))}
          </ol>
        )}
      </Load>
    </Page>
  );
}
