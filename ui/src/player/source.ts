// Where the pictures come from: an HLS ladder, read by the browser itself where it can and by hls.js where it cannot, or one plain file.
import type { Attachment } from "../api/types";

export interface Source {
  /** The short sides of the pictures there are, largest first; fewer than two: nothing to choose. */
  heights: number[];
  /** `null`: as the connection allows. */
  choose(height: number | null): void;
  close(): void;
}

interface Listener {
  /** The ladder is known. */
  heights(all: number[]): void;
  trouble(): void;
}

const HLS_TYPE = "application/vnd.apple.mpegurl";

interface Variant {
  height: number;
  url: string;
}

/** The variants of a master playlist (RFC 8216, 4.3.4.2). */
export function variantsOf(playlist: string, base: string): Variant[] {
  const found: Variant[] = [];
  const lines = playlist.split(/\r?\n/);
  lines.forEach((line, index) => {
    const size = /^#EXT-X-STREAM-INF:.*RESOLUTION=(\d+)x(\d+)/.exec(line);
    const uri = lines.slice(index + 1).find((each) => each && !each.startsWith("#"));
    if (size && uri) found.push({ height: Math.min(Number(size[1]), Number(size[2])), url: new URL(uri, base).href });
  });
  return found;
}

const distinct = (heights: number[]): number[] => [...new Set(heights)].sort((a, b) => b - a);

/** Another address, the same moment. */
function change(video: HTMLMediaElement, url: string): void {
  const { currentTime, paused, playbackRate } = video;
  video.src = url;
  video.addEventListener(
    "loadedmetadata",
    () => {
      video.currentTime = currentTime;
      video.playbackRate = playbackRate;
      if (!paused) void video.play().catch(() => undefined);
    },
    { once: true },
  );
}

function native(video: HTMLMediaElement, master: string, listener: Listener): Source {
  let variants: Variant[] = [];
  const source: Source = {
    heights: [],
    choose(height) {
      const wanted = variants.find((each) => each.height === height);
      change(video, wanted?.url ?? master);
    },
    close() {
      video.removeEventListener("error", listener.trouble);
      video.removeAttribute("src");
      video.load();
    },
  };
  video.addEventListener("error", listener.trouble);
  video.src = master;
  void fetch(master)
    .then(async (response) => {
      variants = variantsOf(await response.text(), master);
      listener.heights((source.heights = distinct(variants.map(({ height }) => height))));
    })
    .catch(() => undefined);
  return source;
}

async function bySelf(video: HTMLMediaElement, master: string, listener: Listener): Promise<Source> {
  const { default: Hls, Events, ErrorTypes } = await import("hls.js/light");
  // Fragmented MP4 needs no conversion, so there is nothing for a worker to do.
  const hls = new Hls({ enableWorker: false, capLevelToPlayerSize: true, maxBufferLength: 30, backBufferLength: 60 });
  const heightOf = ({ width, height }: { width: number; height: number }): number => Math.min(width, height);
  const source: Source = {
    heights: [],
    choose(height) {
      const level = height === null ? -1 : hls.levels.findIndex((each) => heightOf(each) === height);
      // At once, not after what is already there.
      hls.currentLevel = level;
    },
    close: () => hls.destroy(),
  };
  let mended = false;
  hls.on(Events.MANIFEST_PARSED, () => listener.heights((source.heights = distinct(hls.levels.map(heightOf)))));
  hls.on(Events.ERROR, (_, { fatal, type }) => {
    if (!fatal) return;
    if (type === ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
    } else {
      listener.trouble();
    }
  });
  hls.loadSource(master);
  hls.attachMedia(video);
  return source;
}

function plain(video: HTMLMediaElement, url: string, listener: Listener): Source {
  video.addEventListener("error", listener.trouble);
  video.src = url;
  return {
    heights: [],
    choose: () => undefined,
    close() {
      video.removeEventListener("error", listener.trouble);
      video.removeAttribute("src");
      video.load();
    },
  };
}

const canStream = (): boolean => "MediaSource" in globalThis || "ManagedMediaSource" in globalThis;

export async function openSource(video: HTMLMediaElement, attachment: Attachment, listener: Listener): Promise<Source> {
  const master = attachment.freehold?.hls ?? null;
  const url = attachment.url ?? "";
  if (master && video.canPlayType(HLS_TYPE)) return native(video, master, listener);
  if (master && canStream()) return bySelf(video, master, listener);
  return plain(video, url, listener);
}
