// What people do in the web client, in the words of the tests.

// Logs in through the form and waits for the home timeline.
export async function logInAs(page, person) {
  await page.goto('/login');
  await page.getByLabel('Username or e-mail').fill(person.name);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL('**/home');
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}

// Opens the composer, writes, sends, and waits until it has closed.
export async function writePost(page, text) {
  await page.getByRole('button', { name: 'What is on your mind?' }).click();
  const window = page.getByRole('dialog', { name: 'New post' });
  await window.getByRole('textbox', { name: 'Text of the post' }).fill(text);
  await window.getByRole('button', { name: 'Post', exact: true }).click();
  await window.waitFor({ state: 'detached' });
}

// What the page does after it was drawn comes late from now on, after the answers of the server.
export async function drawSlowly(page) {
  await page.evaluate(() => {
    const wait = window.setTimeout.bind(window);
    window.requestAnimationFrame = (draw) => wait(() => draw(performance.now()), 1000);
    window.setTimeout = (run, ms, ...more) => wait(run, ms > 10 ? ms + 1000 : ms, ...more);
  });
}

// The post on the screen that says this.
export function postSaying(page, text) {
  return page.locator('article.post', { hasText: text }).first();
}
