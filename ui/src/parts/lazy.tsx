// A part that is fetched when it is first needed.
import type { ComponentType, FunctionComponent } from "preact";
import { useEffect, useState } from "preact/hooks";
import { complain } from "../state/notices";
import { Spinner } from "./basics";

type Props<Part> = Part extends (props: infer P) => unknown ? (P extends object ? P : object) : object;

/** One export of a module that is fetched when it is first shown. */
export function part<Module, Name extends keyof Module>(load: () => Promise<Module>, name: Name, quiet = false) {
  return lazy<Props<Module[Name]>>(async () => ({ default: (await load())[name] as never }), quiet);
}

const AFRESH_KEY = "freehold.afresh";
const AFRESH_PAUSE = 60_000;

/** A part that is gone means that the server was updated under an open page: the page starts anew, once a minute at most. */
function startAfresh(): void {
  const last = Number(sessionStorage.getItem(AFRESH_KEY) ?? 0);
  if (!navigator.onLine || Date.now() - last < AFRESH_PAUSE) return;
  sessionStorage.setItem(AFRESH_KEY, String(Date.now()));
  location.reload();
}

export function lazy<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  quiet = false,
): FunctionComponent<P> & { preload: () => void } {
  let loaded: ComponentType<P> | null = null;
  const fetchIt = async (): Promise<ComponentType<P>> => (loaded = (await load()).default);
  const failed = (error: unknown): void => {
    complain(error);
    startAfresh();
  };
  const Lazy: FunctionComponent<P> = (props) => {
    const [, redraw] = useState(0);
    const Part = loaded;
    useEffect(() => {
      if (Part) return;
      // It may have come since this was drawn.
      if (loaded) redraw(1);
      else void fetchIt().then(() => redraw(1), failed);
    }, []);
    if (Part) return <Part {...props} />;
    return quiet ? null : <Spinner />;
  };
  return Object.assign(Lazy, { preload: () => void fetchIt().catch(() => undefined) });
}
