// What a film or sound is doing, as signals of hooks; and that only one of them makes itself heard.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { habits, keepHabits } from "./memory";

export interface Playing {
  paused: boolean;
  ended: boolean;
  /** It wants to go on and cannot yet. */
  waiting: boolean;
  started: boolean;
  time: number;
  duration: number;
  buffered: number;
  volume: number;
  muted: boolean;
  rate: number;
  /** Of the pictures shown now: their short side; 0 before the first. */
  height: number;
}

const EVENTS = [
  "play",
  "pause",
  "ended",
  "timeupdate",
  "durationchange",
  "progress",
  "volumechange",
  "ratechange",
  "seeking",
  "seeked",
  "waiting",
  "playing",
  "canplay",
  "stalled",
  "resize",
  "loadedmetadata",
] as const;

let audible: HTMLMediaElement | null = null;

function endOfBuffer({ buffered, currentTime }: HTMLMediaElement): number {
  for (let i = 0; i < buffered.length; i++)
    if (buffered.start(i) <= currentTime + 0.2 && buffered.end(i) >= currentTime) return buffered.end(i);
  return 0;
}

function read(media: HTMLMediaElement, before: Playing, event: string): Playing {
  const film = media as Partial<HTMLVideoElement>;
  const stuck = event === "waiting" || (before.waiting && event !== "playing" && event !== "canplay" && event !== "seeked");
  return {
    paused: media.paused,
    ended: media.ended,
    waiting: stuck && !media.paused,
    started: before.started || !media.paused || media.currentTime > 0,
    time: media.currentTime,
    duration: Number.isFinite(media.duration) ? media.duration : before.duration,
    buffered: endOfBuffer(media),
    volume: media.volume,
    muted: media.muted,
    rate: media.playbackRate,
    height: Math.min(film.videoWidth ?? 0, film.videoHeight ?? 0),
  };
}

export function usePlaying(media: RefObject<HTMLMediaElement | null>, duration: number): Playing {
  const { volume, muted } = habits();
  const [playing, setPlaying] = useState<Playing>({
    paused: true,
    ended: false,
    waiting: false,
    started: false,
    time: 0,
    duration,
    buffered: 0,
    volume,
    muted,
    rate: 1,
    height: 0,
  });
  useEffect(() => {
    const element = media.current;
    if (!element) return;
    element.volume = volume;
    element.muted = muted;
    const update = (event: Event): void => {
      if (event.type === "play") {
        if (audible !== element) audible?.pause();
        audible = element;
      }
      if (event.type === "volumechange") keepHabits({ volume: element.volume, muted: element.muted });
      setPlaying((before) => read(element, before, event.type));
    };
    for (const name of EVENTS) element.addEventListener(name, update);
    return () => {
      for (const name of EVENTS) element.removeEventListener(name, update);
      if (audible === element) audible = null;
    };
  }, []);
  return playing;
}
