// Whom this network depends on: whether each answers, what stops when it goes, and what to do about it today.
import { freehold } from "../../api/freehold";
import type { Dependencies, Drill, Finding, Severity } from "../../api/types";
import { dayDate, m, number } from "../../i18n";
import { Button } from "../../parts/basics";
import { Icon, type IconName } from "../../parts/icon";
import { Load, useLoad } from "../../parts/load";
import { CopiesElsewhere } from "./copies";
import { ModerationPage } from "./frame";

const ICONS: Record<string, IconName> = {
  dns: "globe",
  registrar: "key",
  address: "home",
  certificate: "lock",
  database: "database",
  store: "image",
  backup: "inbox",
  standby: "network",
  rehearsal: "anchor",
  mail: "mail",
  clock: "clock",
};
const STATES: Record<Severity, IconName> = { fine: "check", care: "tools", broken: "warning" };

/** Words by id; what the catalogue does not know is said in the server's English. */
const partyWords = ({ party, title, stops, today }: Finding) =>
  (m.independence.parties as Record<string, { title: string; stops: string; today: string }>)[party] ?? { title, stops, today };
const sentence = ({ saying, n, what, text }: Finding): string =>
  (m.independence.sayings as Record<string, (n: number, what: string) => string>)[saying]?.(n, what) ?? text;

const RANKS: readonly Severity[] = ["fine", "care", "broken"];
const worst = (findings: Finding[]): Severity => RANKS[Math.max(...findings.map(({ severity }) => RANKS.indexOf(severity)))] ?? "fine";

function State({ severity }: { severity: Severity }) {
  return (
    <span class={`chip chip-${severity}`}>
      <Icon name={STATES[severity]} />
      {m.independence.severity[severity]}
    </span>
  );
}

function Party({ findings }: { findings: Finding[] }) {
  const [first] = findings;
  if (!first) return null;
  const words = partyWords(first);
  return (
    <li class={`sheet party party-${worst(findings)}`}>
      <h3 class="party-head">
        <Icon name={ICONS[first.party] ?? "network"} />
        <span>{words.title}</span>
        {findings.length === 1 && <State severity={first.severity} />}
      </h3>
      <ul class="party-findings">
        {findings.map((finding) => (
          <li key={`${finding.saying} ${finding.name}`}>
            <p>
              {finding.name && (
                <>
                  <strong>{finding.name}</strong>{" "}
                </>
              )}
              {sentence(finding)}.
            </p>
            {findings.length > 1 && <State severity={finding.severity} />}
          </li>
        ))}
      </ul>
      <dl class="party-words">
        <div>
          <dt>{m.independence.stops}</dt>
          <dd>{words.stops}</dd>
        </div>
        <div>
          <dt>{m.independence.today}</dt>
          <dd>{words.today}</dd>
        </div>
      </dl>
    </li>
  );
}

/** How long each step took, as bars of one scale. */
function Steps({ steps }: { steps: [string, number][] }) {
  const longest = Math.max(...steps.map(([, seconds]) => seconds), 0.1);
  return (
    <dl class="drill-steps">
      {steps.map(([name, seconds]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect width={Math.max((seconds / longest) * 100, 1)} height="8" rx="2" />
            </svg>
            <span>{m.independence.drill.seconds(number(seconds))}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function LastDrill({ drill }: { drill: Drill }) {
  const words = m.independence.drill;
  if (!drill.at) return null;
  const date = dayDate(drill.at);
  return (
    <section class="sheet drill">
      <h2>{words.title}</h2>
      <p>{drill.ok ? words.good(date) : words.bad(date, drill.why)}</p>
      {drill.compared > 0 && <p>{words.found(number(drill.rows), number(drill.files), drill.compared, drill.missing + drill.changed)}</p>}
      {drill.ok && (
        <Steps
          steps={[
            [words.copy, drill.copySeconds],
            [words.open, drill.openSeconds],
            ...(drill.writeSeconds > 0 ? [[words.write, drill.writeSeconds] as [string, number]] : []),
          ]}
        />
      )}
    </section>
  );
}

/** Findings of one party, which stand together, in the server's order. */
function byParty(findings: Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) groups.set(finding.party, [...(groups.get(finding.party) ?? []), finding]);
  return [...groups.values()];
}

function Report({ found, again }: { found: Dependencies; again: () => void }) {
  const drill = useLoad<Drill>(() => freehold.drill(), []);
  return (
    <>
      <section class={`sheet verdict verdict-${found.status}`}>
        <span class="verdict-mark">
          <Icon name={STATES[found.status]} />
        </span>
        <div>
          <h2>{m.independence.status[found.status]}</h2>
          <p>{m.independence.statusText[found.status]}</p>
        </div>
        <Button small icon="refresh" onClick={again}>
          {m.independence.again}
        </Button>
      </section>
      <CopiesElsewhere />
      <Load from={drill}>{(last) => <LastDrill drill={last} />}</Load>
      <h2 class="sheet-title">{m.independence.dependencies}</h2>
      <ul class="cards">
        {byParty(found.findings).map((findings) => (
          <Party key={findings[0]?.party} findings={findings} />
        ))}
      </ul>
    </>
  );
}

export function Independence() {
  const dependencies = useLoad<Dependencies>(() => freehold.dependencies(), []);
  return (
    <ModerationPage title={m.independence.title}>
      <p class="page-intro">{m.independence.intro}</p>
      <Load
        from={dependencies}
        waiting={
          <p class="sheet verdict" role="status">
            <span class="spinner spinner-large" aria-hidden="true" />
            <span>{m.independence.looking}</span>
          </p>
        }
      >
        {(found) => <Report found={found} again={dependencies.reload} />}
      </Load>
    </ModerationPage>
  );
}
