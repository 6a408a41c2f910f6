// The one multiplexed WebSocket of the page: subscriptions are counted, the connection comes back by itself.
import { signal } from "@preact/signals";
import { camelKeys } from "./case";

export interface StreamEvent {
  event: string;
  /** Decoded JSON with camelCase keys, or the bare id of a `delete`. */
  payload: unknown;
}

/** From here on nothing is missed; what happened before it has to be fetched. Comes again after each lost connection. */
export const SUBSCRIBED = "freehold.subscribed";

type Handler = (event: StreamEvent) => void;

interface Subscription {
  message: Record<string, string>;
  handlers: Set<Handler>;
}

/** What the argument of a stream is called on the wire. */
const FIELDS: Record<string, string> = { hashtag: "tag", "hashtag:local": "tag", "freehold:thread": "status" };
const FIRST_DELAY = 800;
const LONGEST_DELAY = 30_000;

/** "off" until somebody subscribes, "waiting" between two attempts. */
export const streamState = signal<"off" | "connecting" | "open" | "waiting">("off");

const subscriptions = new Map<string, Subscription>();
let socket: WebSocket | null = null;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

const ask = (to: WebSocket, type: "subscribe" | "unsubscribe", message: Subscription["message"]): void =>
  to.send(JSON.stringify({ type, ...message, ...(type === "subscribe" && { confirm: true }) }));

const keyOf = (stream: string, argument: string): string => (argument ? `${stream}:${argument}` : stream);

function receive(data: string): void {
  const message = JSON.parse(data) as { stream?: string[]; event?: string; payload?: string };
  if (!message.stream || !message.event) return;
  const [stream = "", argument = ""] = message.stream;
  const subscription = subscriptions.get(keyOf(stream, argument));
  if (!subscription) return;
  const text = message.payload ?? "";
  const payload = message.event === "delete" || text === "" ? text : camelKeys(JSON.parse(text));
  for (const handler of subscription.handlers) handler({ event: message.event, payload });
}

function retry(): void {
  if (subscriptions.size === 0) return;
  streamState.value = "waiting";
  const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** failures) * (0.5 + Math.random() / 2);
  failures += 1;
  clearTimeout(timer);
  timer = setTimeout(connect, delay);
}

function connect(): void {
  clearTimeout(timer);
  if (socket || subscriptions.size === 0) return;
  streamState.value = "connecting";
  const opening = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/streaming`);
  socket = opening;
  opening.onopen = () => {
    failures = 0;
    streamState.value = "open";
    for (const { message } of subscriptions.values()) ask(opening, "subscribe", message);
  };
  opening.onmessage = (event) => receive(String(event.data));
  opening.onclose = () => {
    if (socket === opening) socket = null;
    retry();
  };
}

/** Returns the way to unsubscribe. `argument` is the tag, or the id of the list or of a post of the thread. */
export function subscribe(stream: string, handler: Handler, argument = ""): () => void {
  const key = keyOf(stream, argument);
  let subscription = subscriptions.get(key);
  if (!subscription) {
    subscription = { message: { stream, ...(argument && { [FIELDS[stream] ?? "list"]: argument }) }, handlers: new Set() };
    subscriptions.set(key, subscription);
    if (socket?.readyState === WebSocket.OPEN) ask(socket, "subscribe", subscription.message);
    else connect();
  }
  const { handlers, message } = subscription;
  handlers.add(handler);
  return () => {
    handlers.delete(handler);
    if (handlers.size > 0 || subscriptions.get(key)?.handlers !== handlers) return;
    subscriptions.delete(key);
    if (socket?.readyState === WebSocket.OPEN) ask(socket, "unsubscribe", message);
  };
}

export function closeStream(): void {
  clearTimeout(timer);
  subscriptions.clear();
  socket?.close();
  socket = null;
  streamState.value = "off";
}

addEventListener("online", connect);
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") connect();
});
