// HTML of the server becomes elements of ours through an allow-list; nothing else gets through, and no markup is ever inserted raw.
import type { ComponentChildren, VNode } from "preact";
import type { Account, CustomEmoji, Status } from "../api/types";

interface Context {
  emojis: CustomEmoji[];
  /** Address of a mention → the path of that profile here. */
  mentions: Map<string, string>;
}

const KEPT = new Set(["p", "br", "em", "strong", "b", "i", "u", "del", "s", "code", "pre", "blockquote", "ul", "ol", "li", "sub", "sup"]);
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "embed", "svg", "math", "noscript", "title", "head"]);
const SAFE_LINK = /^(https?|mailto|xmpp|matrix|gemini|ipfs|tel):/i;

/** `:name:` becomes its picture. */
export function withEmojis(text: string, emojis: CustomEmoji[] = []): ComponentChildren {
  if (emojis.length === 0 || !text.includes(":")) return text;
  const byName = new Map(emojis.map((emoji) => [emoji.shortcode, emoji]));
  return text.split(/(:[A-Za-z0-9_]+:)/g).map((part, index) => {
    const emoji = part.startsWith(":") ? byName.get(part.slice(1, -1)) : undefined;
    return emoji ? <img key={index} class="emoji" src={emoji.url} alt={part} title={part} draggable={false} /> : part;
  });
}

function tagPath(url: URL, text: string): string | null {
  const name = /^#(.+)$/.exec(text.trim())?.[1];
  return name && /\/tags?\//.test(url.pathname) ? `/tags/${encodeURIComponent(name)}` : null;
}

function link(element: Element, children: ComponentChildren, context: Context, key: number): VNode {
  const href = element.getAttribute("href") ?? "";
  if (!SAFE_LINK.test(href)) return <span key={key}>{children}</span>;
  const classes = element.getAttribute("class") ?? "";
  const mention = context.mentions.get(href);
  if (mention)
    return (
      <a key={key} href={mention} class="mention">
        {children}
      </a>
    );
  const url = new URL(href);
  const tag = classes.includes("hashtag") || classes.includes("mention") ? tagPath(url, element.textContent ?? "") : null;
  if (tag)
    return (
      <a key={key} href={tag} class="hashtag">
        {children}
      </a>
    );
  if (url.origin === location.origin)
    return (
      <a key={key} href={href}>
        {children}
      </a>
    );
  return (
    <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  );
}

function convert(node: Node, context: Context, key: number): ComponentChildren {
  if (node.nodeType === Node.TEXT_NODE) return withEmojis(node.nodeValue ?? "", context.emojis);
  if (!(node instanceof Element)) return null;
  const tag = node.localName;
  if (DROPPED.has(tag)) return null;
  const children = [...node.childNodes].map((child, index) => convert(child, context, index));
  if (tag === "a") return link(node, children, context, key);
  if (tag === "span") {
    // Shortened links: the scheme is hidden, a cut is shown as an ellipsis.
    const classes = node.getAttribute("class") ?? "";
    if (classes.includes("invisible"))
      return (
        <span key={key} class="invisible">
          {children}
        </span>
      );
    if (classes.includes("ellipsis"))
      return (
        <span key={key} class="ellipsis">
          {children}
        </span>
      );
    return <span key={key}>{children}</span>;
  }
  if (/^h[1-6]$/.test(tag))
    return (
      <p key={key}>
        <strong>{children}</strong>
      </p>
    );
  if (!KEPT.has(tag)) return <span key={key}>{children}</span>;
  const Tag = tag as "p";
  return tag === "br" ? <br key={key} /> : <Tag key={key}>{children}</Tag>;
}

export function richText(html: string, context: Context): ComponentChildren {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  return [...body.childNodes].map((node, index) => convert(node, context, index));
}

const parsed = new WeakMap<object, ComponentChildren>();

function once(source: object, make: () => ComponentChildren): ComponentChildren {
  if (!parsed.has(source)) parsed.set(source, make());
  return parsed.get(source);
}

export const statusText = (status: Status): ComponentChildren =>
  once(status, () =>
    richText(status.content, {
      emojis: status.emojis,
      mentions: new Map(status.mentions.map((mention) => [mention.url, `/@${mention.acct}`])),
    }),
  );

export const noteText = (html: string, emojis: CustomEmoji[] = []): ComponentChildren => richText(html, { emojis, mentions: new Map() });

export const nameOf = (account: Account): string => account.displayName.trim() || account.username;

export function Name({ account }: { account: Account }) {
  return <bdi class="name">{withEmojis(nameOf(account), account.emojis)}</bdi>;
}

/** The words of a post without markup, for labels and previews. */
export function plainText(html: string): string {
  const { body } = new DOMParser().parseFromString(html.replace(/<br\s*\/?>|<\/p>/g, " "), "text/html");
  return (body.textContent ?? "").replace(/\s+/g, " ").trim();
}
