// Films and sounds as they stand in a post: a still picture first, the player when it is asked for. Loops without sound run by themselves
// only where motion is welcome.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { isPlayable } from "../state/media";
import { wantsStillness } from "../state/settings";
import { Blur } from "./blur";
import { openDialog } from "./dialog";
import { Icon } from "./icon";
import { part } from "./lazy";
import { clock, durationOf, spokenTime } from "./media-time";

const player = () => import("../player");
const Player = part(player, "Player");
const Theatre = part(player, "Theatre", true);

const labelOf = (attachment: Attachment): string => attachment.description || m.player.noWords;
const posterOf = ({ freehold, previewUrl }: Attachment): string => freehold?.poster ?? previewUrl ?? "";

function Still({ attachment }: { attachment: Attachment }) {
  const [loaded, setLoaded] = useState(false);
  const poster = posterOf(attachment);
  return (
    <>
      {attachment.blurhash && !loaded && <Blur hash={attachment.blurhash} />}
      {poster && (
        <img
          class={loaded ? "film-still film-there" : "film-still"}
          src={poster}
          alt=""
          loading="lazy"
          decoding="async"
          onLoad={() => setLoaded(true)}
        />
      )}
    </>
  );
}

/** Not yet, or never. */
function Unready({ attachment }: { attachment: Attachment }) {
  const { processing, error } = attachment.freehold ?? {};
  return (
    <div class="film film-unready" role="status">
      <Still attachment={attachment} />
      <span class="film-note">
        <Icon name={error ? "alert" : "clock"} />
        {error ? m.player.failed : m.player.preparing}
        {!error && processing && <progress max={100} value={processing.percent} aria-label={m.player.preparing} />}
      </span>
    </div>
  );
}

export function Film({ attachment, alone }: { attachment: Attachment; alone: boolean }) {
  const [open, setOpen] = useState(false);
  const duration = durationOf(attachment);
  if (!isPlayable(attachment)) return <Unready attachment={attachment} />;
  if (open) return <Player attachment={attachment} autoplay />;
  const play = (): void => {
    if (alone) setOpen(true);
    else openDialog((close) => <Theatre attachment={attachment} close={close} />);
  };
  return (
    <button
      type="button"
      class="film"
      aria-label={m.player.open(labelOf(attachment), spokenTime(duration))}
      onClick={play}
      onPointerEnter={Player.preload}
    >
      <Still attachment={attachment} />
      <span class="film-play" aria-hidden="true">
        <Icon name="play" />
      </span>
      {attachment.description && <span class="alt-badge" aria-hidden="true" />}
      {duration > 0 && <span class="film-time" data-time={clock(duration)} aria-hidden="true" />}
    </button>
  );
}

/** What was a moving GIF: silent, again and again, as long as it is seen. */
export function Loop({ attachment }: { attachment: Attachment }) {
  const ref = useRef<HTMLVideoElement>(null);
  const [paused, setPaused] = useState(true);
  const [wanted, setWanted] = useState(!wantsStillness());
  useEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.muted = true;
    if (!wanted) {
      video.pause();
      return;
    }
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void video.play().catch(() => undefined);
        else video.pause();
      },
      { threshold: 0.4 },
    );
    observer.observe(video);
    return () => observer.disconnect();
  }, [wanted]);
  if (!isPlayable(attachment)) return <Unready attachment={attachment} />;
  return (
    <div class="film film-loop">
      <video
        ref={ref}
        muted
        loop
        playsInline
        preload="none"
        poster={posterOf(attachment)}
        src={attachment.url ?? ""}
        aria-label={labelOf(attachment)}
        onPlay={() => setPaused(false)}
        onPause={() => setPaused(true)}
      />
      <button type="button" class="film-toggle" aria-label={paused ? m.player.play : m.player.pause} onClick={() => setWanted(paused)}>
        {paused && (
          <span class="film-play" aria-hidden="true">
            <Icon name="play" />
          </span>
        )}
      </button>
      <span class="film-time" data-time="GIF" aria-hidden="true" />
    </div>
  );
}

export function Sound({ attachment }: { attachment: Attachment }) {
  const [open, setOpen] = useState(false);
  const duration = durationOf(attachment);
  if (!isPlayable(attachment)) return <Unready attachment={attachment} />;
  if (open) return <Player attachment={attachment} autoplay />;
  return (
    <button
      type="button"
      class="sound"
      aria-label={m.player.openSound(labelOf(attachment), spokenTime(duration))}
      onClick={() => setOpen(true)}
    >
      <span class="sound-play" aria-hidden="true">
        <Icon name="play" />
      </span>
      <span class="sound-words">
        <Icon name="music" />
        <span>{attachment.description || m.player.aSound}</span>
      </span>
      {duration > 0 && <span class="sound-time" data-time={clock(duration)} aria-hidden="true" />}
    </button>
  );
}
