// Pictures large, one at a time, with their words: swipes and arrow keys to the next, two fingers, wheel, double tap and keys to look closer.
import type { TargetedPointerEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { IconButton } from "./basics";
import { Blur } from "./blur";
import { aspectOf } from "./media-time";
import { wholeWebp } from "./sized";
import { CLOSE, type Sizes, type View, WHOLE, keepInside, zoomBy } from "./zoom";

interface LightboxProps {
  media: Attachment[];
  start: number;
  close: () => void;
  /** The page of the post a picture is from. */
  linkOf?: (attachment: Attachment) => string | null;
}

const SWIPE = 60;
const TAP = 10;
const TWICE = 300;
const KEY_ZOOM = 1.4;
const KEY_PAN = 80;

function Slide({
  attachment,
  offset,
  view,
  pull,
  held,
}: {
  attachment: Attachment;
  offset: number;
  view: View;
  pull: number;
  held: boolean;
}) {
  const [preview, setPreview] = useState(false);
  const [whole, setWhole] = useState(false);
  const here = offset === 0;
  const webp = wholeWebp(attachment);
  const { scale, x, y } = here ? view : WHOLE;
  return (
    <div
      class={`lightbox-slide${held ? " lightbox-held" : ""}`}
      style={{ transform: `translateX(calc(${offset * 104}% + ${pull}px))` }}
      aria-hidden={!here}
    >
      <div
        class="lightbox-frame"
        data-frame={here || undefined}
        style={{
          "--aspect": String(aspectOf(attachment)),
          "--natural": `${attachment.meta?.original?.width ?? 1600}px`,
          transform: `translate(${x}px, ${y}px) scale(${scale})`,
        }}
      >
        {attachment.blurhash && !preview && !whole && <Blur hash={attachment.blurhash} />}
        {!whole && <img src={attachment.previewUrl ?? ""} alt="" draggable={false} onLoad={() => setPreview(true)} />}
        <picture>
          {webp && <source type="image/webp" srcSet={webp} />}
          <img
            class={`lightbox-whole${whole ? " lightbox-there" : ""}`}
            src={attachment.url ?? attachment.previewUrl ?? ""}
            alt={here ? (attachment.description ?? "") : ""}
            draggable={false}
            decoding="async"
            onLoad={() => setWhole(true)}
          />
        </picture>
      </div>
    </div>
  );
}

interface Hold {
  points: Map<number, { x: number; y: number }>;
  /** Where the first finger came down. */
  x: number;
  y: number;
  moved: boolean;
  pinched: boolean;
}

/** What hands do on the stage: drags, swipes, pinches, taps. */
function useHands(sizes: () => Sizes, step: (by: number) => void, close: () => void) {
  const [view, setView] = useState(WHOLE);
  const [pull, setPull] = useState(0);
  const [held, setHeld] = useState(false);
  const hold = useRef<Hold | null>(null);
  const tapped = useRef({ at: 0, x: 0, y: 0 });

  const fromMiddle = (event: { clientX: number; clientY: number }): { x: number; y: number } => {
    const { width, height } = sizes();
    return { x: event.clientX - width / 2, y: event.clientY - height / 2 };
  };
  const zoom = (factor: number, point = { x: 0, y: 0 }): void => setView((now) => zoomBy(now, factor, point, sizes()));
  const pan = (x: number, y: number): void => setView((now) => keepInside({ ...now, x: now.x + x, y: now.y + y }, sizes()));

  const down = (event: TargetedPointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const point = fromMiddle(event);
    hold.current ??= { points: new Map(), ...point, moved: false, pinched: false };
    hold.current.points.set(event.pointerId, point);
    event.currentTarget.setPointerCapture(event.pointerId);
    setHeld(true);
  };
  const pinch = (points: Map<number, { x: number; y: number }>, id: number, to: { x: number; y: number }): void => {
    const other = [...points].find(([each]) => each !== id)?.[1];
    const from = points.get(id);
    if (!other || !from) return;
    const before = Math.hypot(from.x - other.x, from.y - other.y);
    const after = Math.hypot(to.x - other.x, to.y - other.y);
    zoom(after / Math.max(1, before), { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 });
  };
  const move = (event: TargetedPointerEvent<HTMLElement>): void => {
    const now = hold.current;
    const last = now?.points.get(event.pointerId);
    if (!now || !last) return;
    const point = fromMiddle(event);
    if (Math.hypot(point.x - now.x, point.y - now.y) > TAP) now.moved = true;
    if (now.points.size > 1) {
      now.pinched = true;
      pinch(now.points, event.pointerId, point);
    } else if (view.scale > 1) {
      pan(point.x - last.x, point.y - last.y);
    } else if (!now.pinched) {
      setPull(point.x - now.x);
    }
    now.points.set(event.pointerId, point);
  };
  const tap = (event: PointerEvent, point: { x: number; y: number }): void => {
    const before = tapped.current;
    const twice = event.timeStamp - before.at < TWICE && Math.hypot(point.x - before.x, point.y - before.y) < 40;
    tapped.current = { at: twice ? 0 : event.timeStamp, ...point };
    const { pictureWidth, pictureHeight } = sizes();
    const outside =
      Math.abs(point.x - view.x) > (pictureWidth * view.scale) / 2 || Math.abs(point.y - view.y) > (pictureHeight * view.scale) / 2;
    if (outside && view.scale === 1) close();
    else if (twice) setView(view.scale > 1 ? WHOLE : zoomBy(WHOLE, CLOSE, point, sizes()));
  };
  const up = (event: TargetedPointerEvent<HTMLElement>): void => {
    const now = hold.current;
    if (!now?.points.delete(event.pointerId) || now.points.size > 0) return;
    hold.current = null;
    setHeld(false);
    setPull(0);
    const point = fromMiddle(event);
    const way = point.x - now.x;
    if (event.type === "pointercancel" || now.pinched) return;
    if (!now.moved) tap(event, point);
    else if (view.scale === 1 && Math.abs(way) > SWIPE && Math.abs(way) > Math.abs(point.y - now.y)) step(way < 0 ? 1 : -1);
    else if (view.scale === 1 && point.y - now.y > 2 * SWIPE) close();
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / (event.ctrlKey ? 120 : 400)), fromMiddle(event));
  };
  const hands = { onPointerDown: down, onPointerMove: move, onPointerUp: up, onPointerCancel: up, onWheel: wheel };
  return { view, pull, held, zoom, pan, whole: () => setView(WHOLE), hands };
}

export function Lightbox({ media, start, close, linkOf }: LightboxProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  const [index, setIndex] = useState(start);
  const [words, setWords] = useState(true);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  useEffect(() => strip.current?.querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest", inline: "center" }), [index]);

  const sizes = (): Sizes => {
    const frame = ref.current?.querySelector<HTMLElement>("[data-frame]");
    return { width: innerWidth, height: innerHeight, pictureWidth: frame?.offsetWidth ?? 0, pictureHeight: frame?.offsetHeight ?? 0 };
  };
  const go = (to: number): void => {
    if (to < 0 || to >= media.length || to === index) return;
    whole();
    setIndex(to);
  };
  const { view, pull, held, zoom, pan, whole, hands } = useHands(sizes, (by) => go(index + by), close);
  const shown = media[index];
  if (!shown) return null;

  const near = view.scale > 1;
  const keys: Record<string, () => void> = {
    ArrowRight: () => (near ? pan(-KEY_PAN, 0) : go(index + 1)),
    ArrowLeft: () => (near ? pan(KEY_PAN, 0) : go(index - 1)),
    ArrowUp: () => pan(0, KEY_PAN),
    ArrowDown: () => pan(0, -KEY_PAN),
    Home: () => go(0),
    End: () => go(media.length - 1),
    "+": () => zoom(KEY_ZOOM),
    "=": () => zoom(KEY_ZOOM),
    "-": () => zoom(1 / KEY_ZOOM),
    "0": whole,
  };
  const onKey = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const run = keys[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };
  const link = linkOf?.(shown) ?? null;
  return (
    <dialog
      ref={ref}
      class="lightbox"
      aria-label={m.media.viewer(index + 1, media.length)}
      onKeyDown={onKey}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <p class="visually-hidden" aria-live="polite">
        {m.media.viewer(index + 1, media.length)} {shown.description}
      </p>
      <div class={`lightbox-stage${near ? " lightbox-near" : ""}`} {...hands}>
        {media.map(
          (attachment, place) =>
            Math.abs(place - index) < 2 && (
              <Slide key={attachment.id} attachment={attachment} offset={place - index} view={view} pull={pull} held={held} />
            ),
        )}
      </div>
      <div class="lightbox-bar">
        {media.length > 1 && (
          <span class="lightbox-count" aria-hidden="true">
            {index + 1} / {media.length}
          </span>
        )}
        {link && (
          <a class="lightbox-link" href={link} onClick={close}>
            {m.media.toPost}
          </a>
        )}
        <IconButton icon="zoomOut" label={m.media.zoomOut} disabled={!near} onClick={() => zoom(1 / KEY_ZOOM)} />
        <IconButton icon="zoomIn" label={m.media.zoomIn} onClick={() => zoom(KEY_ZOOM)} />
        <IconButton icon="close" label={m.common.close} onClick={close} />
      </div>
      {media.length > 1 && (
        <>
          <span class="lightbox-left">
            <IconButton icon="left" label={m.media.previous} disabled={index === 0} onClick={() => go(index - 1)} />
          </span>
          <span class="lightbox-right">
            <IconButton icon="right" label={m.media.next} disabled={index === media.length - 1} onClick={() => go(index + 1)} />
          </span>
        </>
      )}
      <div class="lightbox-foot">
        {shown.description && !near && (
          <div class="lightbox-words">
            <button type="button" class="lightbox-alt" aria-expanded={words} onClick={() => setWords(!words)} title={m.media.altText}>
              ALT
              <span class="visually-hidden">{m.media.altText}</span>
            </button>
            {words && <p dir="auto">{shown.description}</p>}
          </div>
        )}
        {media.length > 1 && (
          <div class="lightbox-strip" ref={strip} role="group" aria-label={m.media.all}>
            {media.map((attachment, place) => (
              <button
                key={attachment.id}
                type="button"
                aria-current={place === index}
                aria-label={m.media.viewer(place + 1, media.length)}
                onClick={() => go(place)}
              >
                <img src={attachment.previewUrl ?? ""} alt="" loading="lazy" decoding="async" draggable={false} />
              </button>
            ))}
          </div>
        )}
      </div>
    </dialog>
  );
}
