// The service worker: assets from the cache, pages from the network, and a shell of our own when there is no network.
// Answers of the API are never kept: what somebody may see is decided anew each time.

declare const SHELL: { js: string; css: string; preload: string[] };
declare const ASSETS: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = `assets-${SHELL.js}`;
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https:; connect-src 'self' ws: wss:; font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const first = [SHELL.js, SHELL.css, ...SHELL.preload].map((path) => `/${path}`);

worker.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(first);
      await worker.skipWaiting();
      // The rest, fonts and lazy parts, so that every page opens offline; one missing file is no failure.
      void Promise.allSettled(ASSETS.filter((path) => !first.includes(path)).map((path) => cache.add(path)));
    })(),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("assets-") && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

function shell(): Response {
  const html = `<!doctype html><html lang="en" data-theme="auto"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>Freehold</title><link rel="stylesheet" href="/${SHELL.css}"><script type="module" src="/${SHELL.js}"></script></head><body><div id="app"></div></body></html>`;
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY } });
}

/** What the browser will not keep (its disk is full) is shown all the same. */
async function asset(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(CACHE);
  const found = await cache.match(request);
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) event.waitUntil(cache.put(request, response.clone()).catch(() => undefined));
  return response;
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(asset(event));
  else if (request.mode === "navigate" && !/^\/(api|oauth|media|auth)\//.test(url.pathname)) event.respondWith(fetch(request).catch(shell));
});
