// One post with what it answers above and what answers it below, live.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { api } from "../api/client";
import { statusOf } from "../api/errors";
import { SUBSCRIBED, type StreamEvent, subscribe } from "../api/stream";
import type { Status } from "../api/types";
import { m } from "../i18n";
import { cameBack, savedScroll } from "../router";
import { keepAnswer, keepTold, knownStatus, statusSignal } from "../state/entities";
import { applyStatusEvent, justSent } from "../state/feeds";
import { me } from "../state/session";
import { Avatar, Empty, Skeletons, Trouble } from "../parts/basics";
import { openComposer } from "../parts/composer";
import { Page } from "../parts/page";
import { Post } from "../parts/post";
import { nameOf } from "../parts/rich";

interface Row {
  id: string;
  depth: number;
  joinAbove: boolean;
  joinBelow: boolean;
}

/** Answers in the order of the conversation: each under what it answers; a run of single answers is one joined line. */
export function threadRows(focalId: string, replies: Status[]): Row[] {
  const byParent = new Map<string, Status[]>();
  for (const reply of replies) {
    const parent = reply.inReplyToId ?? "";
    byParent.set(parent, [...(byParent.get(parent) ?? []), reply]);
  }
  const rows: Row[] = [];
  const walk = (parent: string, depth: number, joined: boolean): void => {
    for (const reply of byParent.get(parent) ?? []) {
      const children = byParent.get(reply.id) ?? [];
      const single = children.length === 1;
      rows.push({ id: reply.id, depth, joinAbove: joined, joinBelow: single });
      walk(reply.id, single ? depth : depth + 1, single);
    }
  };
  walk(focalId, 0, false);
  return rows;
}

export function Thread({ id }: { id: string }) {
  const focal = statusSignal(id).value;
  const [above, setAbove] = useState<string[] | null>(null);
  const [replies, setReplies] = useState<Status[]>([]);
  const [error, setError] = useState<unknown>(null);
  const place = useRef<HTMLDivElement>(null);
  const placed = useRef(false);

  const load = async (): Promise<void> => {
    setError(null);
    try {
      const asked = performance.now();
      const [status, context] = await Promise.all([api.v1.statuses.$select(id).fetch(), api.v1.statuses.$select(id).context.fetch()]);
      keepAnswer([status], asked);
      setAbove(keepAnswer(context.ancestors, asked));
      keepAnswer(context.descendants, asked);
      setReplies(context.descendants);
    } catch (reason) {
      setError(reason);
    }
  };
  useEffect(() => {
    placed.current = false;
    setAbove(null);
    setReplies([]);
    void load();
  }, [id]);

  const join = (status: Status): void =>
    setReplies((now) => {
      const belongs = status.inReplyToId === id || now.some((reply) => reply.id === status.inReplyToId);
      return belongs && !now.some((reply) => reply.id === status.id) ? [...now, status] : now;
    });
  useEffect(() => {
    if (!me.value) return;
    const take = (event: StreamEvent): void => {
      applyStatusEvent(event, null);
      if (event.event !== "update") return;
      const status = event.payload as Status;
      if (!status.inReplyToId) return;
      keepTold(status);
      join(status);
    };
    const ends = [
      subscribe("user", take),
      subscribe("freehold:thread", (event) => (event.event === SUBSCRIBED ? void load() : take(event)), id),
    ];
    return () => ends.forEach((end) => end());
  }, [id]);
  useEffect(() => {
    const status = justSent.value;
    if (status) join(status);
  }, [justSent.value]);

  // With a conversation above it, the post one came for is put under the heading.
  useLayoutEffect(() => {
    if (above === null || placed.current) return;
    placed.current = true;
    if (cameBack) scrollTo(0, savedScroll());
    else if (above.length > 0) place.current?.scrollIntoView({ block: "start", behavior: "instant" });
  }, [above]);

  const title = focal ? m.thread.title(nameOf(focal.account)) : m.thread.plainTitle;
  if (error && !focal) {
    return (
      <Page title={m.thread.plainTitle} back="/home">
        {statusOf(error) === 404 ? (
          <Empty icon="eyeOff" title={m.thread.goneTitle}>
            {m.thread.goneText}
          </Empty>
        ) : (
          <Trouble error={error} retry={load} />
        )}
      </Page>
    );
  }
  const rows = threadRows(
    id,
    replies.filter((reply) => knownStatus(reply.id)),
  );
  return (
    <Page title={title} back="/home">
      {!focal ? (
        <Skeletons rows={2} />
      ) : (
        <div class="feed thread">
          {above?.map((each, index) => (
            <Post key={each} id={each} context="thread" joinAbove={index > 0} joinBelow />
          ))}
          <div ref={place} class="thread-focal">
            <Post id={id} context="thread" focal joinAbove={(above?.length ?? 0) > 0} />
          </div>
          {me.value && (
            <button type="button" class="prompt prompt-reply" onClick={() => openComposer({ replyTo: focal })}>
              <Avatar account={me.value} />
              <span>{m.compose.replyTo(nameOf(focal.account))}</span>
            </button>
          )}
          {rows.map((row) => (
            <Post key={row.id} {...row} context="thread" />
          ))}
          {above === null && !error && <Skeletons rows={2} />}
        </div>
      )}
    </Page>
  );
}
