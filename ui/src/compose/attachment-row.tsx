// The files of a post being written, as tiles: how far each is, what went wrong, its words, and its place among the others.
import type { HTMLAttributes } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { m } from "../i18n";
import { announce } from "../state/notices";
import { IconButton } from "../parts/basics";
import { Icon, type IconName } from "../parts/icon";
import type { Attachments, MediaKind, Pending } from "./attachments";
import { openDescribe } from "./describe";

const DRAGGED = "application/x-freehold-attachment";

/** A tile is dragged to another place, no file from outside. */
export const isReordering = (event: DragEvent): boolean => event.dataTransfer?.types.includes(DRAGGED) ?? false;

const KIND_ICON: Record<MediaKind, IconName> = { picture: "image", film: "film", sound: "music" };

function Preview({ pending }: { pending: Pending }) {
  const [broken, setBroken] = useState(false);
  const kept = pending.attachment?.previewUrl ?? "";
  const alt = pending.attachment?.description ?? "";
  // What this browser cannot show, a HEIC for instance, is shown as soon as the server has read it.
  if (pending.kind === "picture" && !(broken && !kept))
    return <img src={broken ? kept : pending.local} alt={alt} draggable={false} onError={() => setBroken(true)} />;
  if (pending.kind === "film" && kept) return <img src={kept} alt={alt} draggable={false} />;
  if (pending.kind === "film" && pending.file && !broken)
    return <video src={pending.local} muted playsInline preload="metadata" tabIndex={-1} onError={() => setBroken(true)} />;
  return (
    <span class="attachment-kind">
      <Icon name={KIND_ICON[pending.kind]} />
      <span>{pending.name || m.compose.kinds[pending.kind]}</span>
    </span>
  );
}

const share = (part: number): string => new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(part);

function State({ pending, retry }: { pending: Pending; retry: () => void }) {
  const processing = pending.attachment?.freehold?.processing;
  if (pending.error)
    return (
      <div class="attachment-error" role="alert">
        <p>{pending.error}</p>
        {pending.file && (
          <button type="button" class="button button-soft button-small" onClick={retry}>
            <Icon name="refresh" />
            <span>{m.states.retry}</span>
          </button>
        )}
      </div>
    );
  if (pending.running)
    return (
      <div class="attachment-state">
        <span>{pending.waiting ? m.compose.waiting : share(pending.progress)}</span>
        <progress max={1} value={pending.progress} aria-label={m.compose.uploading(pending.name)} />
      </div>
    );
  if (processing)
    return (
      <div class="attachment-state">
        <span>
          {m.compose.preparing} · {share(processing.percent / 100)}
        </span>
        <progress max={100} value={processing.percent} aria-label={m.compose.preparing} />
      </div>
    );
  return null;
}

interface TileProps {
  pending: Pending;
  place: number;
  attachments: Attachments;
  /** Moves it by so many places and says so. */
  shift: (by: number) => void;
  drag: Pick<HTMLAttributes<HTMLLIElement>, "draggable" | "onDragStart" | "onDragOver" | "onDrop" | "onDragEnd">;
  dragged: boolean;
}

function Tile({ pending, place, attachments, shift, drag, dragged }: TileProps) {
  const { kind, running, attachment, error } = pending;
  const described = Boolean(attachment?.description);
  const last = attachments.list.length - 1;
  const classes = ["attachment", error && "attachment-failed", running && "attachment-busy", dragged && "attachment-dragged"];
  return (
    <li class={classes.filter(Boolean).join(" ")} data-key={pending.key} {...drag}>
      <Preview pending={pending} />
      <span class="attachment-remove">
        <IconButton
          icon="close"
          label={running ? m.compose.cancelUpload(pending.name) : m.compose.removeAs[kind]}
          onClick={() => attachments.remove(pending.key)}
        />
      </span>
      <State pending={pending} retry={() => attachments.retry(pending.key)} />
      {last > 0 && (
        <span class="attachment-move">
          <IconButton icon="left" label={m.compose.moveForward(place + 1)} disabled={place === 0} onClick={() => shift(-1)} />
          <IconButton icon="right" label={m.compose.moveBack(place + 1)} disabled={place === last} onClick={() => shift(1)} />
        </span>
      )}
      {attachment && !error && (
        <button type="button" class={`attachment-alt${described ? " has-alt" : ""}`} onClick={() => openDescribe(pending, attachments)}>
          <Icon name={described ? "check" : "plus"} />
          ALT
          <span class="visually-hidden">{m.compose.describeAs[kind]}</span>
        </button>
      )}
    </li>
  );
}

export function AttachmentRow({ attachments }: { attachments: Attachments }) {
  const root = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  // The element that moves loses the focus on its way.
  const refocus = useRef<{ key: number; by: number } | null>(null);
  useLayoutEffect(() => {
    if (!refocus.current) return;
    const { key, by } = refocus.current;
    refocus.current = null;
    const buttons = [...(root.current?.querySelectorAll<HTMLButtonElement>(`[data-key="${key}"] .attachment-move button`) ?? [])];
    const wanted = by < 0 ? buttons : buttons.reverse();
    wanted.find(({ disabled }) => !disabled)?.focus();
  });
  if (attachments.list.length === 0) return null;
  const shift = (pending: Pending, place: number, by: number): void => {
    attachments.move(pending.key, place + by);
    refocus.current = { key: pending.key, by };
    announce(m.compose.moved(place + by + 1, attachments.list.length));
  };
  const dragOf = (pending: Pending, place: number): TileProps["drag"] => ({
    draggable: attachments.list.length > 1,
    onDragStart: (event) => {
      event.dataTransfer?.setData(DRAGGED, String(pending.key));
      setDragged(pending.key);
    },
    onDragOver: (event) => {
      if (dragged === null) return;
      event.preventDefault();
      if (dragged !== pending.key) attachments.move(dragged, place);
    },
    onDrop: (event) => event.preventDefault(),
    onDragEnd: () => setDragged(null),
  });
  return (
    <ul class="attachments" ref={root} aria-label={m.compose.attached}>
      {attachments.list.map((pending, place) => (
        <Tile
          key={pending.key}
          pending={pending}
          place={place}
          attachments={attachments}
          shift={(by) => shift(pending, place, by)}
          drag={dragOf(pending, place)}
          dragged={dragged === pending.key}
        />
      ))}
    </ul>
  );
}
