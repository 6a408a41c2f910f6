// The words under a film, drawn by the page so that they can be read in any size of the window.
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Captions } from "../api/types";

/** Lines shown now. */
export function useCues(video: RefObject<HTMLMediaElement | null>, all: Captions[], language: string | null): string[] {
  const [lines, setLines] = useState<string[]>([]);
  useEffect(() => {
    setLines([]);
    const tracks = [...(video.current?.textTracks ?? [])];
    for (const track of tracks) track.mode = "disabled";
    const track = tracks[all.findIndex((each) => each.language === language)];
    if (!track) return;
    // Loaded, told of, and not drawn by the browser.
    track.mode = "hidden";
    const read = (): void => {
      const cues = [...(track.activeCues ?? [])] as VTTCue[];
      setLines(cues.flatMap((cue) => (cue.getCueAsHTML().textContent ?? "").split("\n")).filter(Boolean));
    };
    read();
    track.addEventListener("cuechange", read);
    // A phone's own full screen shows the film alone, so it has to draw them itself.
    const alone = (): void => void (track.mode = "showing");
    const together = (): void => void (track.mode = "hidden");
    const film = video.current;
    film?.addEventListener("webkitbeginfullscreen", alone);
    film?.addEventListener("webkitendfullscreen", together);
    return () => {
      track.removeEventListener("cuechange", read);
      film?.removeEventListener("webkitbeginfullscreen", alone);
      film?.removeEventListener("webkitendfullscreen", together);
    };
  }, [language, all.length]);
  return lines;
}

export function Cues({ lines }: { lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <div class="player-cues">
      {lines.map((line, index) => (
        <span key={index} dir="auto">
          {line}
        </span>
      ))}
    </div>
  );
}
