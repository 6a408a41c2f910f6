// The preview of a linked page. Its words and picture are a stranger's; the picture comes from this network, never from the linked site.
import { useState } from "preact/hooks";
import type { PreviewCard } from "../api/types";

export function Card({ card }: { card: PreviewCard }) {
  const [missing, setMissing] = useState<string | null>(null);
  const provider = card.providerName || URL.parse(card.url)?.hostname || "";
  return (
    <a class="card" href={card.url} target="_blank" rel="noopener noreferrer nofollow">
      {card.image && card.image !== missing && (
        <img
          src={card.image}
          alt={card.imageDescription ?? ""}
          loading="lazy"
          decoding="async"
          onError={() => setMissing(card.image ?? null)}
        />
      )}
      <span class="card-words" lang={card.language ?? undefined}>
        <small dir="auto">{provider}</small>
        <strong dir="auto">{card.title}</strong>
        {card.description && <span dir="auto">{card.description}</span>}
      </span>
    </a>
  );
}
