// The soft colours of a picture that has not come yet.
import { decode } from "blurhash";
import { useEffect, useRef } from "preact/hooks";

const SIDE = 32;

export function Blur({ hash }: { hash: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const drawing = ref.current?.getContext("2d");
    if (!drawing) return;
    try {
      drawing.putImageData(new ImageData(new Uint8ClampedArray(decode(hash, SIDE, SIDE)), SIDE, SIDE), 0, 0);
    } catch {
      // A broken hash leaves the plain background.
    }
  }, [hash]);
  return <canvas ref={ref} class="blur" width={SIDE} height={SIDE} aria-hidden="true" />;
}
