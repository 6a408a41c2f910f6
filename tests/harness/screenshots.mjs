// The pictures of docs/screenshots: each page as a person sees it, on a phone and a desk, light and dark.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, makeApp, makePerson } from '../cast/cast.mjs';
import { Visitor, goodSignUp } from '../cast/visitor.mjs';
import { openPage, startBrowser } from './browser.mjs';
import { form, h264, makeFolder, ready, upload } from './films.mjs';
import { startMailServer } from './mail_server.mjs';
import { Pages, page as pageOf } from './pages.mjs';
import { binary, freePort, root, startServer } from './server.mjs';
import { startGateway } from './sms_gateway.mjs';
import { Standby, cleanUp } from './standby.mjs';

const folder = process.env.SCREENSHOTS ?? path.join(root, 'docs/screenshots');
const wanted = process.argv.slice(2);

// ── the scene: the demo's people, and an owner with some neighbours who just came

const port = await freePort();
const elsewhere = await mkdtemp(path.join(tmpdir(), 'lindenhof-'));
execFileSync(binary, ['backup', 'key', path.join(elsewhere, 'key')]);
const mails = await startMailServer({ user: 'lindenhof', password: 'of the picture' });
const server = await startServer({
  port,
  serveArgs: ['--demo'],
  set: {
    'server.domain': 'lindenhof.example',
    'server.base_url': `http://127.0.0.1:${port}`,
    'server.registrar': 'Namen & Söhne',
    'server.registered_until': new Date(Date.now() + 41 * 86400_000).toISOString().slice(0, 10),
    'mail.route': `${mails.wholeRoute}, sendmail:/bin/true`,
    'mail.ca_file': mails.ca,
    'backup.to': path.join(elsewhere, 'backups'),
    'backup.key': path.join(elsewhere, 'key'),
    'backup.every': '10s',
    'backup.verify': '10s',
    'backup.keep': '',
    'links.allow_private': 'yes',
  },
});
const app = await makeApp(server, undefined, 'Courtyard for Android');
const agents = {
  desk: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
};

async function browserOf(person, agent) {
  const visitor = new Visitor(server, { 'User-Agent': agent });
  await visitor.logIn(person.name, person.password);
  return visitor;
}

// Somebody who does everything in a browser.
async function neighbour(name, more) {
  const person = await makePerson(server, app, name, more);
  person.browser = await browserOf(person, agents.desk);
  person.request = person.browser.request.bind(person.browser);
  return person;
}

const mira = await neighbour('mira', { role: 'owner' });
const ivo = await neighbour('ivo', { role: 'moderator' });
const helga = await neighbour('helga');
const named = (who, display_name, note) => who.request('PATCH', '/api/v1/accounts/update_credentials', { display_name, note });
const demo = async (name) => (await mira.get(`/api/v1/accounts/lookup?acct=${name}`)).body.id;
const newest = async (name, matching) => (await mira.get(`/api/v1/accounts/${await demo(name)}/statuses?limit=40`)).body.find((post) => matching.test(post.content));
const join = (name, more) => new Visitor(server).own('POST', 'signup', goodSignUp(name, more));

async function furnish() {
  await named(mira, 'Mira Lindqvist', 'I keep the keys of Lindenhof 12. Ask me about the cellar.');
  await named(ivo, 'Ivo Petrov', 'Second floor, left. Piano after eight.');
  await named(helga, 'Helga', '');
  await mira.request('PATCH', '/api/freehold/v1/site', {
    title: 'Lindenhof', description: 'The neighbours around the old courtyard.', contact_email: 'mira@example.org',
    rules: [{ text: 'Be a good neighbour.', hint: 'Say it as you would on the stairs.' }, { text: 'No advertising.', hint: '' }],
  });
  for (const name of ['jonas', 'mara', 'priya', 'elif', 'tomasz', 'greta', 'ruth', 'sam']) await mira.post(`/api/v1/accounts/${await demo(name)}/follow`);
  for (const who of [ivo, helga]) await Promise.all([mira.follows(who), who.follows(mira)]);
  await mira.post(`/api/v1/statuses/${(await newest('jonas', /werkstatt/)).id}/favourite`);
  for (const [name, matching] of [['mara', /First light/], ['priya', /meteors/], ['tomasz', /Keel laid/]]) await mira.post(`/api/v1/statuses/${(await newest(name, matching)).id}/bookmark`);
  const ladder = await mira.posts('The ladder is back in the cellar, and so is the second spirit level that nobody had borrowed. #lindenhof');
  await ivo.post(`/api/v1/statuses/${ladder.id}/favourite`);
  await helga.post(`/api/v1/statuses/${ladder.id}/favourite`);
  await helga.post(`/api/v1/statuses/${ladder.id}/reblog`);
  const floor = await ivo.posts('@mira I only wanted to see whether the floor is straight. It is not.', { in_reply_to_id: ladder.id });
  const nothing = await mira.posts('@ivo Nothing in this house is. We call it character.', { in_reply_to_id: floor.id });
  await helga.posts('@mira @ivo Character is what you say until the piano rolls.', { in_reply_to_id: nothing.id });
  await helga.posts('@mira Can you bring the big clamps tomorrow?', { visibility: 'direct' });
  const list = (await mira.post('/api/v1/lists', { title: 'Choir' })).body;
  await mira.post('/api/v1/lists', { title: 'House' });
  await mira.post(`/api/v1/lists/${list.id}/accounts`, { account_ids: [await demo('priya'), await demo('elif'), await demo('mara')] });
  await mira.post('/api/v2/filters', { title: 'Football', context: ['home', 'public'], keywords_attributes: [{ keyword: 'offside', whole_word: true }] });
  const report = (await ivo.post('/api/v1/reports', { account_id: await demo('priya'), status_ids: [(await newest('priya', /meteors/)).id], comment: 'Posts the same link under everything.', category: 'spam' })).body;
  await join('tessa', { reason: 'I moved in on the third floor and would like to know when the courtyard is swept.' });
  await join('rolf', { reason: 'My sister Helga says that this is where the clamps are.' });
  await server.cli('account', 'create', 'una', '--email', 'una@example.org');
  await mira.post(`/api/v1/admin/accounts/${await demo('una')}/approve`);
  await mira.post(`/api/v1/admin/accounts/${await helga.id()}/role`, { role: 'moderator' });
  await mira.post(`/api/v1/admin/accounts/${await demo('sam')}/action`, { type: 'none', text: 'Not after ten, please. Not on a Tuesday.' });
  await mira.browser.own('POST', 'invites', { max_uses: 5, expires_in: 7 * 86400 });
  await mira.browser.own('POST', 'invites', { max_uses: null, expires_in: null });
  const bringing = new FormData();
  bringing.append('kind', 'follows');
  bringing.append('file', new Blob(['Account address,Show boosts\npriya,true\nsomebody@elsewhere.example,true\n']), 'following_accounts.csv');
  await mira.browser.own('POST', 'transfers/import', bringing);
  await mira.browser.own('POST', 'transfers/export', {});
  await browserOf(mira, agents.phone);
  return { list, report, nothing, priya: await demo('priya'), una: await demo('una'), helga: await helga.id(), loaves: await newest('mara', /First light/) };
}

const scene = await furnish();

// ── a film: the river goes by, half a minute long, with the sound of water

const drawn = (name) => path.join(root, 'src/ops/demo/pictures', `${name}.jpg`);
const films = await makeFolder();
const pan = "scale=2560:-2,crop=1280:720:x='(in_w-out_w)*(0.5+0.5*sin(t/12))':y='(in_h-out_h)*0.55'";
const captions = 'WEBVTT\n\n00:00.000 --> 00:14.000\nFirst evening warm enough to sit outside.\n\n00:14.000 --> 00:32.000\nNobody says anything for a while.\n';

async function showFilm() {
  const file = await films.film('mp4', '-loop', '1', '-t', '32', '-i', drawn('river'), '-f', 'lavfi', '-t', '32', '-i', 'anoisesrc=color=brown:amplitude=0.3', '-vf', pan, '-r', '25', ...h264, '-c:a', 'aac', '-shortest');
  const { body } = await upload(mira, file, { type: 'video/mp4', description: 'The river after sunset: orange low in the sky, a small boat drifts across' });
  await ready(mira, body.id, 600_000);
  await mira.request('PUT', `/api/v1/media/${body.id}/captions/en?label=English`, form(captions, { name: 'river.vtt', type: 'text/vtt' }));
  return { file, post: await mira.posts('The river tonight, with the sound of it. Best with headphones.', { media_ids: [body.id] }) };
}

// ── a link, with the card of the page

const pages = await new Pages().start();
pages.file('/boat.jpg', await readFile(drawn('river')), 'image/jpeg');
const article = pages.says('/the-boat', pageOf({
  title: 'The boat that did not fit into the shed, and what a window frame has to do with it',
  description: 'Four metres twenty, planked in larch, steamed with a wallpaper stripper: a visit to the workshop behind the mill, where something is nearly done.',
  image: '/boat.jpg', 'og:image:alt': 'A small boat on a still lake after sunset', 'og:site_name': 'Courtyard Courier',
}));
const linked = await ivo.posts(`They wrote about Tomasz! ${article}`);
await eventually(async () => (await ivo.get(`/api/v1/statuses/${linked.id}`)).body.card, (card) => card?.image, 30_000);

const isWanted = (name) => !wanted.length || wanted.some((word) => name.startsWith(word));
const film = isWanted('player') || isWanted('compose-media') ? await showFilm() : null;
const playing = (page) => page.evaluate(() => document.querySelector('.player video') && (({ currentTime, videoHeight }) => ({ currentTime, videoHeight }))(document.querySelector('.player video')));
async function play(page) {
  await page.locator('button.film').click();
  await eventually(() => playing(page), (now) => now?.currentTime > 2, 60_000);
  await page.locator('.player').press('c');
}
// With its menu open, which says so.
const playAt = (height) => async (page) => {
  await play(page);
  await page.getByRole('button', { name: /^Quality/ }).click();
  await page.getByRole('menuitemradio', { name: `${height}p`, exact: true }).click();
  const { currentTime } = await eventually(() => playing(page), (now) => now.videoHeight === height, 60_000);
  await eventually(() => playing(page), (now) => now.currentTime > currentTime + 1, 60_000);
  await page.getByRole('button', { name: /^Quality/ }).click();
};
const scrub = async (page) => {
  await play(page);
  const box = await page.locator('.scrubber').boundingBox();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  await page.locator('.scrubber-frame').waitFor();
  return true;
};
const stillFilm = (page) => page.locator('.film-there').waitFor();
const large = async (page) => {
  await page.locator('button.grid-tile').first().click();
  await page.locator('[data-frame] .lightbox-there').waitFor();
};
const composeMedia = async (page) => {
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('A morning at the river, and what came of it');
  const input = page.locator('.compose input[type=file][multiple]');
  await input.setInputFiles([drawn('dawn'), drawn('tomatoes')]);
  await eventually(() => page.locator('.attachment-alt').count(), (n) => n === 2, 60_000);
  await input.setInputFiles(film.file);
  await page.locator('.attachment-state', { hasText: /prepared · [1-9]/ }).waitFor({ timeout: 120_000 });
};

// ── a network where a telephone counts

async function startPhones() {
  const gateway = await startGateway({ token: 'ours' });
  const phones = await startServer({ set: { 'site.title': 'Lindenhof', 'server.domain': 'lindenhof.example', 'registrations.mode': 'open', 'registrations.confirm': 'phone', 'sms.route': gateway.route } });
  return { url: phones.url, remove: () => Promise.all([phones.remove(), gateway.stop()]) };
}
const phones = isWanted('signup-code') || isWanted('signup-code-german') ? await startPhones() : null;
let guests = 0;
const toCode = (german) => async (page) => {
  const fields = german ? ['Benutzername', 'E-Mail', 'Telefon', 'Passwort', 'Konto anlegen', 'Sechs Ziffern'] : ['Username', 'E-mail', 'Telephone', 'Password', 'Create account', 'Six digits'];
  const guest = ++guests, values = [`nora${guest}`, `nora${guest}@example.org`, `+49 151 2345678${guest}`, 'the kettle is on'];
  for (const [i, value] of values.entries()) await page.getByLabel(fields[i]).fill(value);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: fields[4] }).click();
  await page.getByLabel(fields[5]).waitFor();
};

// ── the pictures: name, path, whose, which ones, what is done first

const ALL = ['phone-light', 'phone-dark', 'desktop-light', 'desktop-dark'];
const A = ['phone-light', 'desktop-dark'];
const B = ['phone-dark', 'desktop-light'];
const compose = async (page) => {
  await page.keyboard.press('n');
  await page.getByRole('textbox', { name: 'Text of the post' }).fill('Who has seen the short ladder? The long one is lonely.');
};
// The post that says this comes right below the page's title.
const scrollTo = (words) => async (page) => {
  const post = page.locator('article.post', { hasText: words }).first();
  await post.evaluate((found) => scrollBy(0, found.getBoundingClientRect().top - document.querySelector('.page-head').getBoundingClientRect().height - 8));
};
const changeRole = (page) => page.getByRole('button', { name: 'Change role' }).click();

const pictures = [
  ['home', '/home', mira, ALL, scrollTo('Selbsthilfewerkstatt')],
  ['local', '/public/local', mira, B],
  ['notifications', '/notifications', mira, ALL],
  ['conversations', '/conversations', mira, A],
  ['explore', '/explore', mira, B],
  ['directory', '/directory', mira, A],
  ['search', '/search?q=Reiher', mira, B],
  ['hashtag', '/tags/astronomy', mira, A],
  ['bookmarks', '/bookmarks', mira, B],
  ['lists', '/lists', mira, A],
  ['list-edit', `/lists/${scene.list.id}/edit`, mira, B],
  ['compose', '/home', mira, ALL, compose],
  ['post', `/@mara/${scene.loaves.id}`, mira, A],
  ['thread', `/@mira/${scene.nothing.id}`, mira, ALL, scrollTo('I only wanted to see')],
  ['card', `/@ivo/${linked.id}`, mira, ALL],
  ['profile', '/@tomasz', mira, ALL],
  ['settings', '/settings', mira, A],
  ['settings-profile', '/settings/profile', mira, B],
  ['settings-appearance', '/settings/appearance', mira, ALL],
  ['settings-privacy', '/settings/privacy', mira, A],
  ['settings-filters', '/settings/filters', mira, B],
  ['settings-account', '/settings/account', mira, B],
  ['settings-sessions', '/settings/sessions', mira, A],
  ['settings-invites', '/settings/invites', mira, A],
  ['settings-transfers', '/settings/transfers', mira, B],
  ['shortcuts', '/shortcuts', mira, A],
  ['moderation', '/moderation', mira, B],
  ['moderation-report', `/moderation/reports/${scene.report.id}`, mira, ALL],
  ['moderation-pending', '/moderation/pending', mira, A],
  ['moderation-accounts', '/moderation/accounts', mira, B],
  ['moderation-account', `/moderation/accounts/${scene.una}`, mira, A],
  ['moderation-role', `/moderation/accounts/${scene.helga}`, mira, ALL, changeRole],
  ['moderation-audit', '/moderation/audit', mira, B],
  ['moderation-site', '/moderation/site', mira, A],
  ['moderation-independence', '/moderation/independence', mira, ALL, watchLag],
  ['moderation-independence-german', '/moderation/independence', mira, A, watchLag],
  ['about', '/about', mira, B],
  ['welcome', '/explore', null, ALL],
  ['visitor-profile', '/@jonas', null, A],
  ['login', '/login', null, ALL],
  ['signup', '/signup', null, ALL],
  ['signup-code', `${phones?.url}/signup`, null, ALL, toCode(false)],
  ['signup-code-german', `${phones?.url}/signup`, null, A, toCode(true)],
  ['source', '/source', null, ALL],
  ['gallery', '/@owen/media', mira, B],
  ['lightbox', '/@owen/media', mira, A, large],
  ['compose-media', '/home', mira, B, composeMedia],
  ['player', `/@mira/${film?.post.id}`, mira, A, stillFilm],
  ['player-360', `/@mira/${film?.post.id}`, mira, ALL, playAt(360)],
  ['player-720', `/@mira/${film?.post.id}`, mira, ALL, playAt(720)],
  ['player-scrub', `/@mira/${film?.post.id}`, mira, B, scrub],
  // Without script, as search engines, readers and old browsers see them.
  ['plain-start', '/', 'plain', A],
  ['plain-profile', '/@tomasz', 'plain', ALL],
  ['plain-post', `/@mara/${scene.loaves.id}`, 'plain', B],
  ['plain-profile-german', '/@jonas', 'plain', A],
  ['plain-missing-german', '/nothing', 'plain', B],
];

const browser = await startBrowser();

// Until there is a line to see.
async function watchLag(page) {
  await page.locator('.chart-line').waitFor({ timeout: 20_000 });
}

async function settled(page) {
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.waitForFunction(() => !document.querySelector('.skeletons, .spinner-large, .splash'));
  await page.evaluate(() => document.fonts.ready);
  await page.waitForFunction(() => [...document.images].every((image) => image.complete || image.loading === 'lazy'));
}

async function take([name, where, person, kinds, act]) {
  for (const kind of kinds) {
    const [size, scheme] = kind.split('-');
    const page = await openPage(browser, server.url, { size, scheme, locale: name.endsWith('german') ? 'de-DE' : 'en-GB', javaScriptEnabled: person !== 'plain' });
    if (person?.browser) await page.context().addCookies([...person.browser.cookies].map(([name, value]) => ({ name, value, url: server.url })));
    await page.goto(where);
    if (person === 'plain') await page.waitForLoadState('networkidle');
    else await settled(page);
    // An act that gives true wants the mouse where it left it.
    if (!(await act?.(page))) await page.mouse.move(0, 0);
    await page.waitForTimeout(400);
    const file = path.join(folder, `${name}-${kind}.webp`);
    execFileSync('convert', ['png:-', '-quality', '75', `webp:${file}`], { input: await page.screenshot() });
    await page.context().close();
    console.log(path.relative(root, file));
  }
}

// Somewhere else, for the page about it: a rehearsal, some backups, a standby.
async function makeCopies() {
  await server.cli('drill');
  await eventually(async () => (await mira.get('/api/freehold/v1/copies')).body.backup, ({ history, verified_at }) => history.length > 4 && verified_at, 90_000);
  const standby = await Standby.make(server, 'sqlite', { set: { 'server.domain': 'lindenhof.example' } });
  standby.start('--from', server.url, '--token', await standby.invite('berlin'));
  await standby.current();
}

try {
  await mkdir(folder, { recursive: true });
  if (isWanted('moderation-independence') || isWanted('moderation-independence-german')) await makeCopies();
  for (const picture of pictures) if (isWanted(picture[0])) await take(picture);
} finally {
  await browser.close();
  await cleanUp();
  await server.remove();
  await phones?.remove();
  await pages.stop();
  await films.remove();
  await rm(elsewhere, { recursive: true, force: true });
  await mails.remove();
}
