// Small pictures of a film, many in one, with the times they stand for: a WebVTT file whose cues name "picture.webp#xywh=x,y,w,h".

export interface Frame {
  start: number;
  end: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** "01:02.500" or "1:01:02.500" in seconds. */
function seconds(time: string): number {
  return time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

export function readStoryboard(text: string, base: string): Frame[] {
  const frames: Frame[] = [];
  const lines = text.split(/\r?\n/);
  lines.forEach((line, index) => {
    const times = /^([\d:.]+)\s+-->\s+([\d:.]+)/.exec(line);
    const place = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/.exec(lines[index + 1] ?? "");
    if (!times || !place) return;
    const [, uri = "", x, y, width, height] = place;
    const url = new URL(uri, base).href;
    frames.push({
      start: seconds(times[1] ?? ""),
      end: seconds(times[2] ?? ""),
      url,
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    });
  });
  return frames;
}

export function frameAt(frames: Frame[], time: number): Frame | null {
  return frames.find(({ start, end }) => time >= start && time < end) ?? frames.at(-1) ?? null;
}
