// The line of a film: what was seen, what is loaded, and under the pointer what is to come.
import { useEffect, useRef, useState } from "preact/hooks";
import { m } from "../i18n";
import { clock, spokenTime } from "../parts/media-time";
import { type Frame, frameAt, readStoryboard } from "./storyboard";

interface ScrubberProps {
  time: number;
  duration: number;
  buffered: number;
  storyboard: string | null;
  seek: (time: number) => void;
}

export function Scrubber({ time, duration, buffered, storyboard, seek }: ScrubberProps) {
  const root = useRef<HTMLDivElement>(null);
  const [frames, setFrames] = useState<Frame[] | null>(null);
  const [at, setAt] = useState<number | null>(null);

  const load = (): void => {
    if (frames || !storyboard) return;
    setFrames([]);
    void fetch(storyboard)
      .then(async (response) => setFrames(readStoryboard(await response.text(), storyboard)))
      .catch(() => undefined);
  };
  useEffect(() => setFrames(null), [storyboard]);

  const hover = (event: PointerEvent): void => {
    load();
    const box = root.current?.getBoundingClientRect();
    if (box && duration) setAt(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * duration);
  };
  const share = (value: number): string => `${duration ? Math.min(100, (value / duration) * 100) : 0}%`;
  const frame = at === null ? null : frameAt(frames ?? [], at);
  return (
    <div
      ref={root}
      class="scrubber"
      style={{ "--seen": share(time), "--loaded": share(buffered), "--hover": share(at ?? 0) }}
      onPointerMove={hover}
      onPointerDown={hover}
      onPointerLeave={() => setAt(null)}
    >
      {at !== null && (
        <div class="scrubber-preview" aria-hidden="true">
          {frame && (
            <span
              class="scrubber-frame"
              style={{
                width: `${frame.width}px`,
                height: `${frame.height}px`,
                backgroundImage: `url("${frame.url}")`,
                backgroundPosition: `-${frame.x}px -${frame.y}px`,
              }}
            />
          )}
          <span class="scrubber-time">{clock(at)}</span>
        </div>
      )}
      <span class="scrubber-line" aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={duration || 1}
        step="any"
        value={time}
        disabled={!duration}
        aria-label={m.player.seek}
        aria-valuetext={m.player.timeOf(spokenTime(time), spokenTime(duration))}
        onInput={(event) => seek(Number(event.currentTarget.value))}
        onBlur={() => setAt(null)}
      />
    </div>
  );
}
