// Two fingers, a wheel or keys on one picture: where it is and how large. Knows nothing of the screen but sizes.

export interface View {
  scale: number;
  /** How far the picture's middle is from the middle of the window, in pixels. */
  x: number;
  y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const LARGEST = 6;
/** Where a double tap goes. */
export const CLOSE = 2.5;

export interface Sizes {
  /** Of the window. */
  width: number;
  height: number;
  /** Of the picture at scale 1. */
  pictureWidth: number;
  pictureHeight: number;
}

const clamp = (value: number, most: number): number => Math.min(most, Math.max(-most, value));

/** No further than the picture's edge to the window's edge. */
export function keepInside({ scale, x, y }: View, sizes: Sizes): View {
  const overX = Math.max(0, (sizes.pictureWidth * scale - sizes.width) / 2);
  const overY = Math.max(0, (sizes.pictureHeight * scale - sizes.height) / 2);
  return { scale, x: clamp(x, overX), y: clamp(y, overY) };
}

/** Scales by a factor, so that the point (from the window's middle) stays where it is. */
export function zoomBy(view: View, factor: number, point: { x: number; y: number }, sizes: Sizes): View {
  const scale = Math.min(LARGEST, Math.max(1, view.scale * factor));
  if (scale < 1.02) return WHOLE;
  const by = scale / view.scale;
  return keepInside({ scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by }, sizes);
}
