// The player of films and sounds: nothing plays before it is asked to, and all of it works by keys.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment } from "../api/types";
import { m } from "../i18n";
import { Button, IconButton } from "../parts/basics";
import { Icon } from "../parts/icon";
import { clock, durationOf } from "../parts/media-time";
import { Menu, type MenuItem } from "../parts/menu";
import { Cues, useCues } from "./captions";
import { habits, keepHabits } from "./memory";
import { Scrubber } from "./scrubber";
import { type Source, openSource } from "./source";
import { type Playing, usePlaying } from "./state";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const STEP = 5;
const LEAP = 10;
const HIDE_AFTER = 2600;

/** What can be done with it, by buttons and keys alike. */
function useControls(media: RefObject<HTMLMediaElement | null>, root: RefObject<HTMLElement | null>) {
  const video = (): HTMLVideoElement => media.current as HTMLVideoElement;
  return {
    toggle(): void {
      if (video().paused)
        void video()
          .play()
          .catch(() => undefined);
      else video().pause();
    },
    seek(time: number): void {
      const { duration } = video();
      video().currentTime = Math.min(Number.isFinite(duration) ? duration : time, Math.max(0, time));
    },
    skip(by: number): void {
      this.seek(video().currentTime + by);
    },
    toVolume(volume: number): void {
      video().volume = Math.min(1, Math.max(0, volume));
      video().muted = video().volume === 0;
    },
    mute(): void {
      if (video().muted && video().volume === 0) video().volume = 0.5;
      video().muted = !video().muted;
    },
    speed(rate: number): void {
      video().playbackRate = rate;
    },
    faster(by: number): void {
      const at = SPEEDS.findIndex((each) => each >= video().playbackRate) + by;
      this.speed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))] ?? 1);
    },
    fullscreen(): void {
      const film = video() as HTMLVideoElement & { webkitEnterFullscreen?: () => void };
      if (document.fullscreenElement) void document.exitFullscreen();
      else if (root.current?.requestFullscreen) void root.current.requestFullscreen().catch(() => undefined);
      else film.webkitEnterFullscreen?.();
    },
    pip(): void {
      if (document.pictureInPictureElement) void document.exitPictureInPicture();
      else
        void video()
          .requestPictureInPicture()
          .catch(() => undefined);
    },
  };
}

type Controls = ReturnType<typeof useControls>;

/** Opens the source when the player appears, and closes it with the player. */
function useSource(media: RefObject<HTMLMediaElement | null>, attachment: Attachment, autoplay: boolean) {
  const source = useRef<Source | null>(null);
  const [heights, setHeights] = useState<number[]>([]);
  const [trouble, setTrouble] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const element = media.current;
    if (!element) return;
    let over = false;
    setTrouble(false);
    const listener = { heights: (all: number[]) => !over && setHeights(all), trouble: () => !over && setTrouble(true) };
    openSource(element, attachment, listener).then((opened) => {
      if (over) return opened.close();
      source.current = opened;
      if (autoplay || attempt > 0) void element.play().catch(() => undefined);
    }, listener.trouble);
    return () => {
      over = true;
      source.current?.close();
      source.current = null;
    };
  }, [attachment.id, attachment.freehold?.hls ?? attachment.url, attempt]);
  return { heights, trouble, retry: () => setAttempt(attempt + 1), choose: (height: number | null) => source.current?.choose(height) };
}

function useFullscreen(root: RefObject<HTMLElement | null>): boolean {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const look = (): void => setOn(document.fullscreenElement !== null && document.fullscreenElement === root.current);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  return on;
}

/** The controls go while a film runs and nobody moves; they come back with any hand or key. */
function useIdle(paused: boolean): { idle: boolean; wake: () => void; sleep: () => void } {
  const [idle, setIdle] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wake = (): void => {
    setIdle(false);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setIdle(true), HIDE_AFTER);
  };
  useEffect(() => {
    wake();
    return () => clearTimeout(timer.current);
  }, [paused]);
  return { idle: idle && !paused, wake, sleep: () => setIdle(true) };
}

const percent = (share: number): string => new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(share);
const times = (rate: number): string => `${new Intl.NumberFormat(document.documentElement.lang).format(rate)}×`;

function Volume({ playing, controls }: { playing: Playing; controls: Controls }) {
  const silent = playing.muted || playing.volume === 0;
  const shown = silent ? 0 : playing.volume;
  return (
    <span class="player-volume">
      <IconButton icon={silent ? "mute" : "unmute"} label={silent ? m.player.unmute : m.player.mute} onClick={() => controls.mute()} />
      <input
        type="range"
        data-volume
        min={0}
        max={1}
        step={0.05}
        value={shown}
        aria-label={m.player.volume}
        aria-valuetext={percent(shown)}
        style={{ "--seen": percent(shown) }}
        onInput={(event) => controls.toVolume(Number(event.currentTarget.value))}
      />
    </span>
  );
}

interface Choices {
  heights: number[];
  height: number | null;
  chooseHeight: (height: number | null) => void;
  captions: string | null;
  chooseCaptions: (language: string | null) => void;
}

interface BarProps {
  attachment: Attachment;
  playing: Playing;
  controls: Controls;
  choices: Choices;
  full: boolean;
}

function Bar({ attachment, playing, controls, choices, full }: BarProps) {
  const film = attachment.type !== "audio";
  const captions = attachment.freehold?.captions ?? [];
  const { heights, height, captions: language } = choices;
  const captionItems = (): MenuItem[] => [
    { label: m.player.captionsOff, checked: language === null, run: () => choices.chooseCaptions(null) },
    ...captions.map((each) => ({
      label: each.label,
      checked: each.language === language,
      run: () => choices.chooseCaptions(each.language),
    })),
  ];
  const automatic = height === null && playing.height > 0 ? m.player.autoNow(playing.height) : m.player.auto;
  const shown = height === null ? m.player.auto : `${height}p`;
  const heightItems = (): MenuItem[] => [
    { label: automatic, checked: height === null, run: () => choices.chooseHeight(null) },
    ...heights.map((each) => ({ label: `${each}p`, checked: each === height, run: () => choices.chooseHeight(each) })),
  ];
  const speedItems = (): MenuItem[] =>
    SPEEDS.map((rate) => ({
      label: rate === 1 ? m.player.normal : times(rate),
      checked: rate === playing.rate,
      run: () => controls.speed(rate),
    }));
  return (
    <div class="player-bar">
      <Scrubber
        time={playing.time}
        duration={playing.duration}
        buffered={playing.buffered}
        storyboard={attachment.freehold?.storyboard ?? null}
        seek={(time) => controls.seek(time)}
      />
      <div class="player-row">
        <IconButton
          icon={playing.ended ? "refresh" : playing.paused ? "play" : "pause"}
          label={playing.paused ? m.player.play : m.player.pause}
          onClick={() => controls.toggle()}
        />
        <Volume playing={playing} controls={controls} />
        <span class="player-time" aria-hidden="true">
          {clock(playing.time)} / {clock(playing.duration)}
        </span>
        <span class="player-space" />
        {captions.length > 0 && (
          <Menu label={m.player.captions} items={captionItems} class={`icon-button${language ? " player-on" : ""}`}>
            <Icon name="captions" />
          </Menu>
        )}
        <Menu label={m.player.speed(playing.rate === 1 ? m.player.normal : times(playing.rate))} items={speedItems} class="icon-button">
          {playing.rate === 1 ? <Icon name="speed" /> : <span class="player-rate">{times(playing.rate)}</span>}
        </Menu>
        {heights.length > 1 && (
          <Menu label={m.player.quality(shown)} items={heightItems} class="icon-button">
            <span class="player-rate">{shown}</span>
          </Menu>
        )}
        {film && document.pictureInPictureEnabled && (
          <span class="player-pip">
            <IconButton icon="pip" label={m.player.pip} onClick={() => controls.pip()} />
          </span>
        )}
        {film && (
          <IconButton
            icon={full ? "minimize" : "maximize"}
            label={full ? m.player.fullscreenLeave : m.player.fullscreen}
            onClick={() => controls.fullscreen()}
          />
        )}
      </div>
    </div>
  );
}

interface PlayerProps {
  attachment: Attachment;
  /** Somebody has pressed play to get here. */
  autoplay?: boolean;
}

export function Player({ attachment, autoplay = false }: PlayerProps) {
  const root = useRef<HTMLDivElement>(null);
  const media = useRef<HTMLVideoElement>(null);
  const film = attachment.type !== "audio";
  const all = attachment.freehold?.captions ?? [];
  const playing = usePlaying(media, durationOf(attachment));
  const controls = useControls(media, root);
  const source = useSource(media, attachment, autoplay);
  const full = useFullscreen(root);
  const { idle, wake, sleep } = useIdle(playing.paused);
  const [height, setHeight] = useState<number | null>(null);
  const usual = habits().captions;
  const [language, setLanguage] = useState(all.some((each) => each.language === usual) ? usual : null);
  const lines = useCues(media, all, language);
  useEffect(() => {
    if (autoplay) root.current?.focus({ preventScroll: true });
  }, []);

  const chooseCaptions = (wanted: string | null): void => {
    setLanguage(wanted);
    keepHabits({ captions: wanted });
  };
  const chooseHeight = (wanted: number | null): void => {
    setHeight(wanted);
    source.choose(wanted);
  };
  const keys: Record<string, () => void> = {
    " ": () => controls.toggle(),
    ArrowLeft: () => controls.skip(-STEP),
    ArrowRight: () => controls.skip(STEP),
    ArrowUp: () => controls.toVolume(playing.volume + 0.1),
    ArrowDown: () => controls.toVolume(playing.volume - 0.1),
    Home: () => controls.seek(0),
    End: () => controls.seek(playing.duration),
    m: () => controls.mute(),
    "<": () => controls.faster(-1),
    ">": () => controls.faster(1),
    ...(film && { f: () => controls.fullscreen() }),
    ...(all.length > 0 && {
      c: () => chooseCaptions(language ? null : ((all.find((each) => each.language === usual) ?? all[0])?.language ?? null)),
    }),
  };
  const onKey = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const run = keys[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && target.tagName === "BUTTON") return;
    if ("volume" in target.dataset && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    event.stopPropagation();
    wake();
    run();
  };
  // A finger shows and hides the controls, a mouse plays and stops.
  const click = (event: MouseEvent): void => {
    if ((event as PointerEvent).pointerType !== "touch") return controls.toggle();
    if (idle) wake();
    else if (!playing.paused) sleep();
  };
  const doubleClick = (event: MouseEvent): void => {
    const box = root.current?.getBoundingClientRect();
    if ((event as PointerEvent).pointerType !== "touch" || !box) return controls.fullscreen();
    controls.skip(event.clientX < box.left + box.width / 2 ? -LEAP : LEAP);
  };
  const label = attachment.description || m.player.noWords;
  const tracks = all.map((each) => <track key={each.url} kind="captions" srcLang={each.language} label={each.label} src={each.url} />);
  const poster = attachment.freehold?.poster ?? attachment.previewUrl ?? "";
  const look = ["player", film ? "player-film" : "player-sound", idle && "player-idle", full && "player-full"];
  return (
    <div
      ref={root}
      class={look.filter(Boolean).join(" ")}
      role="group"
      aria-label={film ? m.player.film(label) : m.player.sound(label)}
      tabIndex={-1}
      data-inert
      onKeyDown={onKey}
      onPointerMove={wake}
      onFocusIn={wake}
    >
      {film ? (
        <video ref={media} playsInline preload="metadata" poster={poster} aria-label={label} onClick={click} onDblClick={doubleClick}>
          {tracks}
        </video>
      ) : (
        <audio ref={media} preload="metadata" aria-label={label}>
          {tracks}
        </audio>
      )}
      <Cues lines={lines} />
      {playing.waiting && <span class="spinner spinner-large player-wait" role="status" aria-label={m.states.loading} />}
      {film && playing.paused && !source.trouble && (
        <button type="button" class="player-big" aria-label={m.player.play} tabIndex={-1} onClick={() => controls.toggle()}>
          <Icon name={playing.ended ? "refresh" : "play"} />
        </button>
      )}
      {source.trouble ? (
        <div class="player-trouble" role="alert">
          <p>{navigator.onLine ? m.player.trouble : m.errors.offline}</p>
          <Button icon="refresh" onClick={source.retry}>
            {m.states.retry}
          </Button>
        </div>
      ) : (
        <Bar
          attachment={attachment}
          playing={playing}
          controls={controls}
          choices={{ heights: source.heights, height, chooseHeight, captions: language, chooseCaptions }}
          full={full}
        />
      )}
    </div>
  );
}
