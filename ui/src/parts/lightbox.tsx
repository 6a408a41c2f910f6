// One picture large, with its description; arrow keys and swipes go to the next.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { IconButton } from "./basics";

export function Lightbox({ media, start, close }: { media: Attachment[]; start: number; close: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  const [index, setIndex] = useState(start);
  const from = useRef<number | null>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  const step = (by: number): void => setIndex((now) => Math.min(media.length - 1, Math.max(0, now + by)));
  const shown = media[index];
  if (!shown) return null;
  return (
    <dialog
      ref={ref}
      class="lightbox"
      aria-label={m.media.viewer(index + 1, media.length)}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => !(event.target as HTMLElement).closest("img, button, figcaption") && close()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "ArrowRight") step(1);
        if (event.key === "ArrowLeft") step(-1);
      }}
      onPointerDown={(event) => {
        from.current = event.clientX;
      }}
      onPointerUp={(event) => {
        const way = event.clientX - (from.current ?? event.clientX);
        if (Math.abs(way) > 50) step(way < 0 ? 1 : -1);
      }}
    >
      <div class="lightbox-bar">
        <IconButton icon="close" label={m.common.close} onClick={close} />
      </div>
      <figure key={shown.id}>
        <img src={shown.url ?? shown.previewUrl} alt={shown.description ?? ""} draggable={false} />
        {shown.description && <figcaption>{shown.description}</figcaption>}
      </figure>
      {media.length > 1 && (
        <>
          <span class="lightbox-left">
            <IconButton icon="left" label={m.media.previous} disabled={index === 0} onClick={() => step(-1)} />
          </span>
          <span class="lightbox-right">
            <IconButton icon="right" label={m.media.next} disabled={index === media.length - 1} onClick={() => step(1)} />
          </span>
        </>
      )}
    </dialog>
  );
}
