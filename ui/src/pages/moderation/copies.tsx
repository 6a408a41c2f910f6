// What there would be without this machine: backups, standbys with their lag, and media on their way to another store.
import { useEffect, useRef, useState } from "preact/hooks";
import { freehold } from "../../api/freehold";
import type { BackupState, Copies, MediaMove, StandbyState } from "../../api/types";
import { bytes, fullDate, m, number } from "../../i18n";
import { useLoad } from "../../parts/load";

const POLL_MS = 3000;
/** Of lag that are drawn: three minutes. */
const SAMPLES = 60;
const BACKUPS = 30;
const SILENT_MS = 60_000;

/** Asks again and again while the page is looked at. */
function useCopies(): Copies | null {
  const copies = useLoad<Copies>(() => freehold.copies(), []);
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && copies.reload(), POLL_MS);
    return () => clearInterval(timer);
  }, [copies.reload]);
  return copies.value;
}

function Bars({ values, label }: { values: number[]; label: string }) {
  const most = Math.max(...values, 1);
  return (
    <svg class="chart" viewBox={`0 0 ${BACKUPS * 10} 40`} preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, i) => {
        const height = Math.max((value / most) * 38, 2);
        return <rect key={i} x={i * 10 + 1} y={40 - height} width="8" height={height} rx="1" />;
      })}
    </svg>
  );
}

/** The scale is at least a second, so that nothing looks like much. */
function Line({ values, label }: { values: number[]; label: string }) {
  const most = Math.max(...values, 1);
  const points = values.map((value, i) => `${i * (300 / (SAMPLES - 1))},${37 - (value / most) * 34}`);
  return (
    <svg class="chart chart-line" viewBox="0 0 300 40" preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points.join(" ")} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

function Backup({ backup }: { backup: BackupState }) {
  const words = m.independence.copies;
  const sent = backup.history.map((made) => made.bytes);
  const last = backup.history.at(-1);
  return (
    <section class="copy">
      <h3>{words.backups}</h3>
      <p>{backup.madeAt ? words.made(fullDate(backup.madeAt), backup.to) : words.neverMade(backup.to)}</p>
      {backup.verifiedAt && <p>{(backup.sound ? words.verified : words.unsound)(fullDate(backup.verifiedAt))}</p>}
      {last && (
        <>
          <Bars values={sent} label={words.sentChart(sent.length, bytes(Math.max(...sent)))} />
          <p class="hint">{words.sent(sent.length, bytes(last.bytes), number(last.seconds))}</p>
        </>
      )}
    </section>
  );
}

function doingWords(standby: StandbyState): string {
  const words = m.independence.copies;
  if (!standby.joined) return words.invited;
  if (!standby.heardAt) return words.neverHeard;
  if (Date.now() - Date.parse(standby.heardAt) > SILENT_MS) return words.silent(fullDate(standby.heardAt));
  if (standby.doing === "copying") return words.copying(standby.step, standby.steps);
  if (standby.doing === "comparing") return words.comparing(standby.step, standby.steps);
  return words.follows(number(standby.behindSeconds));
}

function Standby({ standby }: { standby: StandbyState }) {
  const [lags, setLags] = useState<number[]>([]);
  const newest = useRef<StandbyState | null>(null);
  useEffect(() => {
    if (newest.current === standby || !standby.joined) return;
    newest.current = standby;
    setLags((before) => [...before, standby.behindSeconds].slice(-SAMPLES));
  }, [standby]);
  const words = m.independence.copies;
  const under = standby.doing !== "following" && standby.steps > 0;
  return (
    <section class="copy">
      <h3>{words.standby(standby.name)}</h3>
      <p>{doingWords(standby)}</p>
      {under && <progress max={standby.steps} value={standby.step} aria-label={doingWords(standby)} />}
      {!under && lags.length > 1 && (
        <>
          <Line values={lags} label={words.lagChart(number(Math.max(...lags)))} />
          <p class="hint">{words.lag(number(Math.max(...lags)))}</p>
        </>
      )}
    </section>
  );
}

function Move({ move }: { move: MediaMove }) {
  const words = m.independence.copies;
  if (move.over) return null;
  return (
    <section class="copy">
      <h3>{words.mediaMove}</h3>
      <p>{words.moving(move.from, move.to)}</p>
      <progress max={Math.max(move.found, 1)} value={move.moved} aria-label={words.mediaMove} />
      <p class="hint">{(move.allFound ? words.moved : words.movedSoFar)(number(move.moved), number(move.found))}</p>
    </section>
  );
}

export function CopiesElsewhere() {
  const copies = useCopies();
  if (!copies) return null;
  const moving = copies.mediaMove && !copies.mediaMove.over;
  if (!copies.backup && copies.standbys.length === 0 && !moving) return null;
  return (
    <section class="sheet copies">
      <h2>{m.independence.copies.title}</h2>
      {copies.backup && <Backup backup={copies.backup} />}
      {copies.standbys.map((standby) => (
        <Standby key={standby.name} standby={standby} />
      ))}
      {copies.mediaMove && <Move move={copies.mediaMove} />}
    </section>
  );
}
