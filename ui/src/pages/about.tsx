// What this site is, its rules, its privacy policy; the keyboard shortcuts; nothing found.
import { api } from "../api/client";
import { locale, m } from "../i18n";
import { site } from "../state/session";
import { shortcuts } from "../state/keys";
import { Empty } from "../parts/basics";
import { Load, useLoad } from "../parts/load";
import { Page } from "../parts/page";
import { Person } from "../parts/people";
import { noteText } from "../parts/rich";

export function About() {
  const instance = useLoad(() => api.v2.instance.fetch(), []);
  const extended = useLoad(() => api.v1.instance.extendedDescription.fetch(), []);
  return (
    <Page title={m.panel.about(site.value.title)}>
      <Load from={instance}>
        {(found) => (
          <div class="sheet prose">
            <p class="lead">{found.description}</p>
            {extended.value?.content && <div class="post-text">{noteText(extended.value.content)}</div>}
            {found.rules.length > 0 && (
              <>
                <h2>{m.about.rules}</h2>
                <ol class="rule-list">
                  {found.rules.map((rule) => (
                    <li key={rule.id}>
                      <strong>{rule.text}</strong>
                      {rule.hint && <p>{rule.hint}</p>}
                    </li>
                  ))}
                </ol>
              </>
            )}
            <h2>{m.about.contact}</h2>
            {found.contact.account && <Person account={found.contact.account} />}
            {found.contact.email && (
              <p>
                <a href={`mailto:${found.contact.email}`}>{found.contact.email}</a>
              </p>
            )}
            <h2>{m.about.software}</h2>
            <p>
              {m.about.softwareText} <span class="nowrap">{found.version}</span>
            </p>
            <p class="row">
              <a href="/privacy">{m.panel.privacy}</a>
              <a href={found.sourceUrl}>{m.about.source}</a>
            </p>
          </div>
        )}
      </Load>
    </Page>
  );
}

export function Privacy() {
  const policy = useLoad(async () => {
    const response = await fetch("/api/v1/instance/privacy_policy", { headers: { "Accept-Language": locale.value } });
    return response.ok ? ((await response.json()) as { content: string }) : { content: "" };
  }, []);
  return (
    <Page title={m.panel.privacy} back="/about">
      <Load from={policy}>{({ content }) => <div class="sheet prose">{content ? noteText(content) : <p>{m.about.noPolicy}</p>}</div>}</Load>
    </Page>
  );
}

export function Shortcuts() {
  return (
    <Page title={m.nav.keys} back="/home">
      {shortcuts().map(({ group, rows }) => (
        <section key={group} class="sheet prose">
          <h2>{group}</h2>
          <dl class="shortcuts">
            {rows.map(({ keys, words }) => (
              <div key={keys.join()}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title={m.states.notFound} back="/">
      <Empty icon="explore" title={m.states.notFound}>
        {m.states.notFoundText}
      </Empty>
    </Page>
  );
}
