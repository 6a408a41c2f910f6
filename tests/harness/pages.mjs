// A web server of strangers' pages on loopback: pages.says('/path', 'html' or (request, response) => …), and how often each was asked for.
import http from 'node:http';

export class Pages {
  constructor() {
    this.answers = new Map();
    this.asked = new Map();
    this.headers = new Map();
    this.open = 0;
    this.mostOpen = 0;
  }

  async start(host = '127.0.0.1') {
    this.server = http.createServer((request, response) => {
      const path = request.url;
      this.asked.set(path, this.count(path) + 1);
      this.headers.set(path, request.headers);
      this.mostOpen = Math.max(this.mostOpen, ++this.open);
      response.on('close', () => this.open--);
      const answer = this.answers.get(path);
      if (!answer) return response.writeHead(404).end();
      if (typeof answer === 'function') return answer(request, response);
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(answer);
    });
    await new Promise((resolve) => this.server.listen(0, host, resolve));
    this.port = this.server.address().port;
    this.url = `http://${host}:${this.port}`;
    return this;
  }

  // Gives the address of the page.
  says(path, answer) {
    this.answers.set(path, answer);
    return this.url + path;
  }

  file(path, bytes, type) {
    return this.says(path, (request, response) => response.writeHead(200, { 'Content-Type': type }).end(bytes));
  }

  goes(path, to) {
    return this.says(path, (request, response) => response.writeHead(302, { Location: to }).end('<p>elsewhere</p>'));
  }

  count(path) {
    return this.asked.get(path) ?? 0;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

// <head> of a page: page({ title: 'A', image: '/a.png' })
export function page({ title, description, image, ...more }) {
  const meta = { 'og:title': title, 'og:description': description, 'og:image': image, ...more };
  const tags = Object.entries(meta).filter(([, value]) => value !== undefined);
  return `<!doctype html><html lang="en"><head>${tags.map(([name, value]) => `<meta property="${name}" content="${value}">`).join('')}</head><body>x</body></html>`;
}
