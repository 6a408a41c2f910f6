// Uploads that go on after a lost connection (tus 1.0, docs/extensions.md): announced once, sent in one stretch, and after any break
// taken up where the server says it stands. The bytes go by XMLHttpRequest: fetch cannot say how far it has come.
import { camelKeys } from "./case";
import { ownHeaders } from "./client";
import { RequestError } from "./errors";
import type { Attachment } from "./types";

export interface Upload {
  done: Promise<Attachment>;
  abort(): void;
}

export interface UploadListener {
  /** 0…1. */
  progress(share: number): void;
  /** Waits for the connection to come back, or is on its way again. */
  waiting(now: boolean): void;
}

const ENDPOINT = "/api/freehold/uploads";
const TUS = { "Tus-Resumable": "1.0.0" };
const PIECE = { ...TUS, "Content-Type": "application/offset+octet-stream" };
/** The rest wait for their turn. */
const AT_ONCE = 3;
/** A file this short is sent with its announcement. */
const SHORT = 512 * 1024;
const DELAYS = [500, 1000, 2000, 4000, 8000];
const TRIES = 40;

let running = 0;
const queue: (() => void)[] = [];

async function turn(): Promise<void> {
  if (running >= AT_ONCE) await new Promise<void>((go) => queue.push(go));
  running += 1;
}

function next(): void {
  running -= 1;
  queue.shift()?.();
}

interface Answer {
  status: number;
  header(name: string): string | null;
  error: string;
}

function ask(
  method: string,
  where: string,
  headers: Record<string, string>,
  body: Blob | null,
  signal: AbortSignal,
  onSent?: (bytes: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const stop = (): void => request.abort();
    signal.addEventListener("abort", stop);
    request.onloadend = () => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) return reject(signal.reason as Error);
      const { error = "" } = (request.response ?? {}) as { error?: string };
      resolve({ status: request.status, header: (name) => request.getResponseHeader(name), error });
    };
    if (onSent) request.upload.onprogress = ({ loaded }) => onSent(loaded);
    request.open(method, where);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ ...headers, ...ownHeaders() })) request.setRequestHeader(name, value);
    request.send(body);
  });
}

/** Base64 of UTF-8. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** What a later try may mend: no connection, another piece still at work, a server that is busy or being restarted. */
const isPassing = (status: number): boolean => status === 0 || status === 409 || status === 423 || status >= 500;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      clearTimeout(timer);
      removeEventListener("online", go);
      signal.removeEventListener("abort", go);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const timer = setTimeout(go, ms);
    addEventListener("online", go);
    signal.addEventListener("abort", go);
  });
}

class Sending {
  private where: string | null = null;
  private offset = 0;
  private tries = 0;

  constructor(
    private readonly file: File,
    private readonly listener: UploadListener,
    private readonly signal: AbortSignal,
  ) {}

  private async send(method: string, where: string, headers: Record<string, string>): Promise<Answer> {
    const { file, offset, listener } = this;
    const rest = file.slice(offset);
    return ask(method, where, { ...PIECE, ...headers }, rest, this.signal, (bytes) => {
      this.tries = 0;
      listener.waiting(false);
      listener.progress(Math.min(1, (offset + bytes) / file.size));
    });
  }

  private async announce(): Promise<Answer> {
    const { name, type, size } = this.file;
    const metadata = `filename ${base64(name || "file")}${type ? `,filetype ${base64(type)}` : ""}`;
    const headers = { "Upload-Length": String(size), "Upload-Metadata": metadata };
    const answer =
      size <= SHORT ? await this.send("POST", ENDPOINT, headers) : await ask("POST", ENDPOINT, { ...TUS, ...headers }, null, this.signal);
    if (answer.status === 201) this.where = answer.header("Location");
    return answer;
  }

  /** Where the server stands; an upload it does not know any more begins anew. */
  private async lookUp(where: string): Promise<Answer> {
    const answer = await ask("HEAD", where, TUS, null, this.signal);
    if (answer.status === 404) {
      this.where = null;
      this.offset = 0;
      return this.announce();
    }
    this.listener.progress(Number(answer.header("Upload-Offset") ?? 0) / this.file.size);
    return answer;
  }

  /** One request after the other until the file is an attachment; its id. */
  async run(): Promise<string> {
    let answer = await this.announce();
    for (;;) {
      const media = answer.header("Freehold-Media-Id");
      if (media) return media;
      if (answer.status >= 200 && answer.status < 300 && this.where) {
        this.listener.waiting(false);
        this.offset = Number(answer.header("Upload-Offset") ?? 0);
        answer = await this.send("PATCH", this.where, { "Upload-Offset": String(this.offset) });
      } else if ((isPassing(answer.status) || (answer.status === 404 && this.where)) && this.tries < TRIES) {
        this.listener.waiting(true);
        await pause(DELAYS[Math.min(this.tries++, DELAYS.length - 1)] ?? 0, this.signal);
        answer = this.where ? await this.lookUp(this.where) : await this.announce();
      } else {
        throw new RequestError(answer.status, answer.error);
      }
    }
  }

  /** The server need not keep what is not wanted. */
  forget(): void {
    if (this.where)
      void fetch(this.where, { method: "DELETE", headers: { ...TUS, ...ownHeaders() }, keepalive: true }).catch(() => undefined);
  }
}

/** Sends one file, when its turn has come. */
export function upload(file: File, listener: UploadListener): Upload {
  const end = new AbortController();
  const sending = new Sending(file, listener, end.signal);
  const go = async (): Promise<Attachment> => {
    await turn();
    try {
      end.signal.throwIfAborted();
      const id = await sending.run();
      return await attachmentNow(id);
    } finally {
      next();
    }
  };
  const abort = (): void => {
    end.abort();
    sending.forget();
  };
  return { done: go(), abort };
}

/** An attachment as it is now: a film changes while it is being prepared. */
export async function attachmentNow(id: string): Promise<Attachment> {
  const response = await fetch(`/api/v1/media/${encodeURIComponent(id)}`, { headers: { Accept: "application/json" } });
  const body = (await response.json()) as { error?: string };
  if (!response.ok) throw new RequestError(response.status, body.error ?? "");
  return camelKeys<Attachment>(body);
}
