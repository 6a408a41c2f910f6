// The words of a film, a file for each language (docs/extensions.md).
import { camelKeys } from "./case";
import { ownHeaders } from "./client";
import { RequestError } from "./errors";
import type { Attachment } from "./types";

async function send(method: string, id: string, language: string, query: string, body?: string): Promise<Attachment> {
  const response = await fetch(`/api/v1/media/${encodeURIComponent(id)}/captions/${encodeURIComponent(language)}${query}`, {
    method,
    headers: { Accept: "application/json", ...ownHeaders(), ...(body !== undefined && { "Content-Type": "text/vtt" }) },
    ...(body !== undefined && { body }),
  });
  const answer = (await response.json()) as { error?: string };
  if (!response.ok) throw new RequestError(response.status, answer.error ?? "");
  return camelKeys<Attachment>(answer);
}

/** SubRip, which many programs write, is WebVTT but for its first line and its commas. */
export function asWebVtt(text: string): string {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  if (plain.startsWith("WEBVTT")) return plain;
  return `WEBVTT\n\n${plain.replace(/^(\d+:\d+:\d+),(\d+ --> \d+:\d+:\d+),(\d+)/gm, "$1.$2.$3")}`;
}

export const putCaptions = async (id: string, language: string, label: string, file: File): Promise<Attachment> =>
  send("PUT", id, language, `?label=${encodeURIComponent(label)}`, asWebVtt(await file.text()));

export const dropCaptions = (id: string, language: string): Promise<Attachment> => send("DELETE", id, language, "");
