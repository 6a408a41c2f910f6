// What a person has shown: pictures open large, one after the other; films and sounds open their post.
import { useState } from "preact/hooks";
import type { Attachment, Status } from "../api/types";
import { m } from "../i18n";
import { knownStatus, statusSignal } from "../state/entities";
import type { Feed } from "../state/feed";
import { preferences } from "../state/settings";
import { Blur } from "./blur";
import { openDialog } from "./dialog";
import { FeedView } from "./feed-view";
import { objectPosition } from "./gallery";
import { Icon } from "./icon";
import { part } from "./lazy";
import { clock, durationOf } from "./media-time";
import { statusPath } from "./post";

const Lightbox = part(() => import("./extras"), "Lightbox", true);

const isHidden = (status: Status): boolean =>
  preferences.value.expandMedia !== "show_all" && (status.sensitive || preferences.value.expandMedia === "hide_all");

function Tile({ attachment, status, open }: { attachment: Attachment; status: Status; open: (attachment: Attachment) => void }) {
  const [loaded, setLoaded] = useState(false);
  const [shown, setShown] = useState(!isHidden(status));
  const label = attachment.description || m.media.noAlt;
  const duration = durationOf(attachment);
  const inside = (
    <>
      {attachment.blurhash && !(loaded && shown) && <Blur hash={attachment.blurhash} />}
      {shown && attachment.previewUrl && (
        <img
          src={attachment.previewUrl}
          alt={attachment.description ?? ""}
          loading="lazy"
          decoding="async"
          style={{ objectPosition: objectPosition(attachment) }}
          onLoad={() => setLoaded(true)}
        />
      )}
      {!shown && <Icon name="eyeOff" />}
      {attachment.type !== "image" && (
        <span class="grid-badge">
          <Icon name={attachment.type === "audio" ? "music" : "play"} />
          {duration > 0 && attachment.type !== "gifv" && clock(duration)}
        </span>
      )}
    </>
  );
  const look = `grid-tile${loaded ? " picture-loaded" : ""}`;
  if (!shown)
    return (
      <button type="button" class={look} data-reveal aria-label={m.media.sensitive} onClick={() => setShown(true)}>
        {inside}
      </button>
    );
  if (attachment.type !== "image")
    return (
      <a class={look} href={statusPath(status)} aria-label={label}>
        {inside}
      </a>
    );
  return (
    <button type="button" class={look} aria-label={m.media.open(label)} onClick={() => open(attachment)}>
      {inside}
    </button>
  );
}

function Tiles({ id, open }: { id: string; open: (attachment: Attachment) => void }) {
  const status = statusSignal(id).value;
  return (
    <>
      {status?.mediaAttachments.map((attachment) => (
        <Tile key={attachment.id} attachment={attachment} status={status} open={open} />
      ))}
    </>
  );
}

export function MediaGrid({ feed, label, empty }: { feed: Feed<string>; label: string; empty: { title: string; text: string } }) {
  const open = (attachment: Attachment): void => {
    const posts = feed.items.peek().flatMap((id) => knownStatus(id) ?? []);
    const all = posts.filter((status) => !isHidden(status) || status.mediaAttachments.includes(attachment));
    const pictures = all.flatMap(({ mediaAttachments }) => mediaAttachments.filter(({ type }) => type === "image"));
    const linkOf = (each: Attachment): string | null => {
      const post = posts.find(({ mediaAttachments }) => mediaAttachments.includes(each));
      return post ? statusPath(post) : null;
    };
    openDialog((close) => <Lightbox media={pictures} start={pictures.indexOf(attachment)} close={close} linkOf={linkOf} />);
  };
  return (
    <FeedView
      feed={feed}
      class="media-grid"
      label={label}
      empty={{ icon: "image", ...empty }}
      draw={(id) => <Tiles key={id} id={id} open={open} />}
    />
  );
}
