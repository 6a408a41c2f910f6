// Up to four pictures in a calm grid; blurred while they load and while they are sensitive.
import { useState } from "preact/hooks";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { preferences } from "../state/settings";
import { Blur } from "./blur";
import { Film, Loop, Sound } from "./film";
import { Icon } from "./icon";
import { openDialog } from "./dialog";
import { part } from "./lazy";
import { aspectOf } from "./media-time";
import { Sized } from "./sized";

const Lightbox = part(() => import("./extras"), "Lightbox", true);

export function objectPosition(attachment: Attachment): string {
  const { x = 0, y = 0 } = attachment.meta?.focus ?? {};
  return `${50 + x * 50}% ${50 - y * 50}%`;
}

/** Neither a strip nor a tower. */
const shapeOf = (attachment: Attachment): string => String(Math.min(2.2, Math.max(0.8, aspectOf(attachment))));

function Picture({ attachment, alone, open }: PieceProps) {
  const [loaded, setLoaded] = useState(false);
  const label = attachment.description || m.media.noAlt;
  return (
    <button
      type="button"
      class={`picture${loaded ? " picture-loaded" : ""}`}
      onClick={open}
      aria-label={m.media.open(label)}
      style={alone ? { aspectRatio: shapeOf(attachment) } : {}}
    >
      {attachment.blurhash && !loaded && <Blur hash={attachment.blurhash} />}
      <Sized
        attachment={attachment}
        place={alone ? "column" : "half"}
        position={objectPosition(attachment)}
        onLoad={() => setLoaded(true)}
      />
      {attachment.description && <span class="alt-badge" aria-hidden="true" />}
    </button>
  );
}

interface PieceProps {
  attachment: Attachment;
  alone: boolean;
  open: () => void;
}

function Piece({ attachment, alone, open }: PieceProps) {
  if (attachment.type === "audio") return <Sound attachment={attachment} />;
  if (attachment.type !== "video" && attachment.type !== "gifv") return <Picture attachment={attachment} alone={alone} open={open} />;
  return (
    <div class="film-place" style={alone ? { "--aspect": shapeOf(attachment) } : {}}>
      {attachment.type === "gifv" ? <Loop attachment={attachment} /> : <Film attachment={attachment} alone={alone} />}
    </div>
  );
}

export function Gallery({ media, sensitive }: { media: Attachment[]; sensitive: boolean }) {
  const wish = preferences.value.expandMedia;
  const [hidden, setHidden] = useState(wish === "hide_all" || (sensitive && wish !== "show_all"));
  if (hidden) {
    const hash = media.find((attachment) => attachment.blurhash)?.blurhash;
    return (
      <div class="gallery gallery-hidden">
        {hash && <Blur hash={hash} />}
        <button type="button" class="button button-soft" data-reveal onClick={() => setHidden(false)}>
          <Icon name="eyeOff" />
          <span>{sensitive ? m.media.sensitive : m.media.hidden}</span>
        </button>
      </div>
    );
  }
  const pictures = media.filter(({ type }) => type === "image");
  const open = (attachment: Attachment): void =>
    openDialog((close) => <Lightbox media={pictures} start={pictures.indexOf(attachment)} close={close} />);
  const sounds = media.every(({ type }) => type === "audio");
  return (
    <div class={sounds ? "gallery gallery-sounds" : `gallery gallery-${Math.min(media.length, 4)}`}>
      {media.map((attachment) => (
        <Piece key={attachment.id} attachment={attachment} alone={media.length === 1} open={() => open(attachment)} />
      ))}
      {sensitive && (
        <button type="button" class="gallery-hide" onClick={() => setHidden(true)} aria-label={m.media.hide} title={m.media.hide}>
          <Icon name="eyeOff" />
        </button>
      )}
    </div>
  );
}
