// The preview of a linked page.
import type { PreviewCard } from "../api/types";

export function Card({ card }: { card: PreviewCard }) {
  const provider = card.providerName || URL.parse(card.url)?.hostname || "";
  return (
    <a class="card" href={card.url} target="_blank" rel="noopener noreferrer nofollow">
      {card.image && <img src={card.image} alt="" loading="lazy" decoding="async" />}
      <span class="card-words">
        <small>{provider}</small>
        <strong>{card.title}</strong>
        {card.description && <span>{card.description}</span>}
      </span>
    </a>
  );
}
