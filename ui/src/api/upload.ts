// Uploads go by XMLHttpRequest: fetch cannot say how far it has come.
import { camelKeys } from "./case";
import { csrfHeaders } from "./client";
import { RequestError } from "./errors";
import type { Attachment } from "./types";

export interface Upload {
  done: Promise<Attachment>;
  abort(): void;
}

/** Sends one file to /api/v2/media; `onProgress` gets 0…1. */
export function upload(file: Blob, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      const answer = request.response as { error?: string } | null;
      if (request.status >= 200 && request.status < 300 && answer) resolve(camelKeys<Attachment>(answer));
      else reject(new RequestError(request.status, answer?.error ?? ""));
    };
    request.onerror = () => reject(new RequestError(0, ""));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    const form = new FormData();
    form.append("file", file);
    request.open("POST", "/api/v2/media");
    request.responseType = "json";
    for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
    request.send(form);
  });
  return { done, abort: () => request.abort() };
}
