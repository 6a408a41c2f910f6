// Characters as the server counts them: any link is worth 23, a mention only its name without the domain.

const LINK = /https?:\/\/[^\s<>"]+/giu;
const MENTION = /(^|[^/\w])@([\w.-]+)@[\w.-]+\w/gu;
const LINK_WORTH = "x".repeat(23);

export function countCharacters(text: string): number {
  const short = text.replace(LINK, LINK_WORTH).replace(MENTION, "$1@$2");
  let characters = 0;
  for (const _ of new Intl.Segmenter().segment(short)) characters += 1;
  return characters;
}
