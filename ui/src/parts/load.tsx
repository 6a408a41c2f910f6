// "Fetch this, then draw it", with the states in between.
import type { ComponentChildren } from "preact";
import { type Inputs, useCallback, useEffect, useState } from "preact/hooks";
import { examine } from "../api/errors";
import { Skeletons, Trouble } from "./basics";

export interface Loaded<T> {
  value: T | null;
  error: unknown;
  reload: () => void;
  set: (value: T) => void;
}

export function useLoad<T>(fetchIt: () => PromiseLike<T>, inputs: Inputs): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    setError(null);
    if (round === 0) setValue(null);
    fetchIt().then(
      (found) => current && setValue(() => found),
      (reason: unknown) => {
        examine(reason);
        if (current) setError(reason ?? new Error());
      },
    );
    return () => {
      current = false;
    };
  }, [...inputs, round]);
  return { value, error, reload: useCallback(() => setRound((now) => now + 1), []), set: (next) => setValue(() => next) };
}

export function Load<T>({
  from,
  children,
  waiting = <Skeletons />,
}: {
  from: Loaded<T>;
  children: (value: T) => ComponentChildren;
  waiting?: ComponentChildren;
}) {
  if (from.value !== null) return <>{children(from.value)}</>;
  if (from.error !== null) return <Trouble error={from.error} retry={from.reload} />;
  return <>{waiting}</>;
}
