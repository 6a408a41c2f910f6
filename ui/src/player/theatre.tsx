// One film of several in a post, large and alone.
import { useEffect, useRef } from "preact/hooks";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { IconButton } from "../parts/basics";
import { aspectOf } from "../parts/media-time";
import { Player } from "./player";

export function Theatre({ attachment, close }: { attachment: Attachment; close: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  return (
    <dialog
      ref={ref}
      class="lightbox theatre"
      aria-label={m.player.film(attachment.description || m.player.noWords)}
      onKeyDown={(event) => event.stopPropagation()}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <div class="lightbox-bar">
        <IconButton icon="close" label={m.common.close} onClick={close} />
      </div>
      <div class="theatre-stage" style={{ "--aspect": String(aspectOf(attachment)) }}>
        <Player attachment={attachment} autoplay />
        {attachment.description && <p class="theatre-words">{attachment.description}</p>}
      </div>
    </dialog>
  );
}
