// A picture from the file that suits its place: the browser takes the smallest that fills it, as WebP where it knows that.
import type { Account, Attachment } from "../api/types";

interface Size {
  width: number;
  height: number;
  type: string;
  url: string;
}

/** How wide it is shown, as in the attribute `sizes`. */
export const places = {
  /** Alone in a post. */
  column: "(min-width: 700px) 600px, 100vw",
  /** Beside another. */
  half: "(min-width: 700px) 300px, 50vw",
};

const sizesOf = (attachment: Attachment): Size[] => (attachment as { freehold?: { sizes?: Size[] } | null }).freehold?.sizes ?? [];
const srcSet = (sizes: Size[]): string => sizes.map(({ url, width }) => `${url} ${width}w`).join(", ");

/** The whole picture as WebP, where there is one. */
export const wholeWebp = (attachment: Attachment): string | null =>
  sizesOf(attachment)
    .filter(({ type }) => type === "image/webp")
    .sort((a, b) => b.width - a.width)
    .find(({ width }) => width >= (attachment.meta?.original?.width ?? 0))?.url ?? null;

interface SizedProps {
  attachment: Attachment;
  place: keyof typeof places;
  /** The part of it that stays in view, as in CSS. */
  position: string;
  onLoad: () => void;
}

export function Sized({ attachment, place, position, onLoad }: SizedProps) {
  const sizes = sizesOf(attachment);
  const webp = sizes.filter(({ type }) => type === "image/webp");
  const others = sizes.filter(({ type }) => type !== "image/webp");
  const image = (
    <img
      loading="lazy"
      decoding="async"
      style={{ objectPosition: position }}
      onLoad={onLoad}
      {...(others.length > 0 && { sizes: places[place], srcSet: srcSet(others) })}
      src={attachment.previewUrl || attachment.url || ""}
      alt={attachment.description ?? ""}
    />
  );
  if (!webp.length) return image;
  return (
    <picture>
      <source type="image/webp" sizes={places[place]} srcSet={srcSet(webp)} />
      {image}
    </picture>
  );
}

type Own = { freehold?: { avatarSmall: string | null; headerSmall: string | null } };

/** The small files beside an account's pictures, where it has chosen any (docs/extensions.md). */
export function smallOf(account: Account): { avatar: string | null; header: string | null } {
  const own = (account as Own).freehold;
  return { avatar: own?.avatarSmall ?? null, header: own?.headerSmall ?? null };
}
